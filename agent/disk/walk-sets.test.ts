import { spawnSync } from "node:child_process";
import { symlinkSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { backupSet } from "../../protocol/messages/policies.ts";
import { fill } from "../../test/support/fill.ts";
import { tempFolder } from "../../test/support/temp-folder.ts";
import { DefaultRules } from "./defaults/default-rules.ts";
import { defaultRules } from "./defaults/table.ts";
import { catalogPath } from "./disk-path.ts";
import { configuredRules } from "./ignore-rules.ts";
import { type WalkOptions, walk } from "./walk.ts";

const NOW_MS = Date.UTC(2026, 10, 22);
const TAG = "Signature: 8a477f597d28d172789f06886806bc55\n# made by a test\n";

/** Paths below `folder`, and `!code path` for each problem at the end. */
function look(folder: string, sets: readonly object[], options: Partial<WalkOptions> = {}): string[] {
  const problems: string[] = [];
  const cut = (path: Buffer) => path.toString().replace(`${folder.slice(1)}/`, "");
  const choice = { sets: sets.map((set) => backupSet.parse({ name: "one", ...set })), nowMs: NOW_MS };
  const onProblem: WalkOptions["onProblem"] = ({ path, error }) => problems.push(`!${error.code} ${cut(path)}`);
  const found = [...walk({ roots: [], choice, onProblem, ...options })];
  const isAbove = (path: Buffer) => `${folder}/`.startsWith(`/${path}/`);
  return [...found.filter(({ path }) => !isAbove(path)).map(({ path }) => cut(path)), ...problems];
}

test("sets of several roots are one walk, each thing once and in order; the folders on the way are found too", () => {
  const folder = tempFolder();
  fill(folder, ["a/x.doc", "a/x.tmp", "a/deep/y.tmp", "b/x.tmp", "b/x.doc", "c/single", "c/other"]);
  const at = (name: string) => join(folder, name);
  const sets = [
    { roots: [at("a"), at("c/single"), at("a")], exclude: { types: ["tmp"] } },
    { roots: [at("a/deep"), at("a")], include: { names: ["y.*"] } },
    { roots: [at("b")], include: { types: ["doc"] } },
  ];
  expect(look(folder, sets)).toEqual(["a", "a/deep", "a/deep/y.tmp", "a/x.doc", "b", "b/x.doc", "c", "c/single"]);
});

test("a set stands beside the roots of the settings; rule files and patterns of the settings count for both", () => {
  const folder = tempFolder();
  fill(folder, ["a/b/x", "a/b/x.log", "c/x", "c/y", "c/x.log", "c/skipped/x"]);
  writeFileSync(join(folder, "c/.holdfastignore"), "skipped\n");
  const options = { roots: [catalogPath(join(folder, "a"))], configured: configuredRules(["*.log"], "settings") };
  expect(look(folder, [{ roots: [join(folder, "c")], exclude: { names: ["y"] } }], options)).toEqual([
    ...["a", "a/b", "a/b/x", "c", "c/.holdfastignore", "c/x"],
  ]);
});

test("a set's root below what rules ignore is found as the set says, not as the sets above say", () => {
  const folder = tempFolder();
  fill(folder, ["a/cache/x.db", "a/cache/x.tmp", "a/cache/more/y.db", "a/z"]);
  const options = { roots: [catalogPath(join(folder, "a"))], configured: configuredRules(["cache"], "settings") };
  const sets = [{ roots: [join(folder, "a/cache")], include: { types: ["db"] } }];
  expect(look(folder, sets, options)).toEqual([
    "a",
    "a/cache",
    "a/cache/more",
    "a/cache/more/y.db",
    "a/cache/x.db",
    "a/z",
  ]);
});

test("what an exclusionary set takes is not found, roots of others included", () => {
  const folder = tempFolder();
  fill(folder, ["a/x", "a/big", "a/gone/b/x", "a/film.iso", "root.iso"]);
  truncateSync(join(folder, "a/big"), 1_000_001);
  const sets = [
    { roots: [join(folder, "a"), join(folder, "a/gone/b"), join(folder, "root.iso")] },
    { exclusionary: true, roots: [folder], include: { types: ["iso"], largerThanBytes: 1_000_000 } },
    { exclusionary: true, roots: [join(folder, "a/gone")] },
  ];
  expect(look(folder, sets)).toEqual(["a", "a/gone", "a/x"]);
});

test("ages are counted from the time of the backup", () => {
  const folder = tempFolder();
  fill(folder, ["a/old", "a/new"]);
  utimesSync(join(folder, "a/old"), NOW_MS / 1000 - 366 * 86_400, NOW_MS / 1000 - 366 * 86_400);
  utimesSync(join(folder, "a/new"), NOW_MS / 1000 - 364 * 86_400, NOW_MS / 1000 - 364 * 86_400);
  expect(look(folder, [{ roots: [join(folder, "a")], exclude: { olderThanDays: 365 } }])).toEqual(["a", "a/new"]);
  expect(look(folder, [{ roots: [join(folder, "a")], include: { olderThanDays: 365 } }])).toEqual(["a", "a/old"]);
});

test("a set's root that is missing is a problem, and the other sets are walked; one in another system's notation says nothing here", () => {
  const folder = tempFolder();
  fill(folder, ["b/c"]);
  const sets = [{ roots: [join(folder, "a")] }, { roots: [join(folder, "b"), "C:\\Users", "\\\\nas\\share"] }];
  expect(look(folder, sets)).toEqual(["b", "b/c", "!root/missing a"]);
});

test("paths that rules name are found through symlinks on the way, as roots are", () => {
  const folder = tempFolder();
  fill(folder, ["real/x", "real/sub/y"]);
  symlinkSync("real", join(folder, "link"));
  const sets = [{ roots: [join(folder, "real")], exclude: { paths: [join(folder, "link/sub")] } }];
  expect(look(folder, sets)).toEqual(["real", "real/x"]);
});

test("caches that say so, trash, and what else the platform's table has are left out, but for a root of their own", () => {
  const folder = tempFolder();
  fill(folder, ["home/ann/.cache/x", "home/ann/.local/share/Trash/files/x", "home/ann/doc", "home/ann/.Trash-1000/x"]);
  fill(folder, ["home/ann/target/deep/x", "home/ann/not/x", "tmp/x", "var/tmp/x", "swapfile", "run/lock/x"]);
  fill(folder, ["run/media/ann/disk/x", "home/ann/.mozilla/firefox/p/cache2/x", "home/ann/.mozilla/firefox/p/places"]);
  writeFileSync(join(folder, "home/ann/target/CACHEDIR.TAG"), TAG);
  writeFileSync(join(folder, "home/ann/not/CACHEDIR.TAG"), "Signature: something else");
  const below = (pattern: string) => (pattern.startsWith("/") ? folder + pattern : pattern);
  const rules = defaultRules("linux").map((rule) => ({ ...rule, pattern: below(rule.pattern) }));
  const defaults = new DefaultRules(rules, [`${folder.slice(1)}/home/*`], "exact");
  const kept = [
    ...["home", "home/ann", "home/ann/.local", "home/ann/.local/share", "home/ann/.mozilla"],
    ...["home/ann/.mozilla/firefox", "home/ann/.mozilla/firefox/p", "home/ann/.mozilla/firefox/p/places"],
    ...["home/ann/doc", "home/ann/not", "home/ann/not/CACHEDIR.TAG", "home/ann/not/x", "home/ann/target"],
    ...[
      "run",
      "run/media",
      "run/media/ann",
      "run/media/ann/disk",
      "run/media/ann/disk/x",
      "var",
      "var/tmp",
      "var/tmp/x",
    ],
  ];
  expect(look(folder, [{ roots: [folder] }], { defaults })).toEqual(kept);
  const named = [{ roots: [join(folder, "home/ann/.cache"), join(folder, "tmp"), join(folder, "home/ann/target")] }];
  expect(look(folder, named, { defaults })).toEqual([
    ...["home", "home/ann", "home/ann/.cache", "home/ann/.cache/x"],
    ...["home/ann/target", "home/ann/target/CACHEDIR.TAG", "home/ann/target/deep", "home/ann/target/deep/x"],
    ...["tmp", "tmp/x"],
  ]);
  const inside = [{ roots: [folder] }, { name: "two", roots: [join(folder, "tmp/x")] }];
  expect(look(folder, inside, { defaults })).toEqual(
    [...kept.filter((path) => path < "tmp"), "tmp", "tmp/x"].concat(kept.filter((path) => path > "tmp")),
  );
});

test("network drives that the licence doesn't cover are not even looked at, and are told by the root or the mount", () => {
  const folder = tempFolder();
  fill(folder, ["a/x", "a/nas/x", "a/ignored/x", "b/nas/deep/root/x", "c/nas/x"]);
  const mountAt = (name: string) => ({ path: catalogPath(join(folder, name)), kind: "nfs4" });
  const refusedMounts = ["a/nas", "a/ignored", "b/nas", "c/nas"].map(mountAt);
  const sets = [{ roots: [join(folder, "a"), join(folder, "b/nas/deep/root")], exclude: { names: ["ignored"] } }];
  expect(look(folder, sets, { refusedMounts })).toEqual([
    ...["a", "a/x", "b", "!licence/network-drive a/nas", "!licence/network-drive b/nas/deep/root"],
  ]);
});

test.runIf(process.platform === "linux")(
  "a mount is left out by where it is, with what is really mounted there",
  () => {
    const folder = tempFolder();
    fill(folder, ["a/hidden", "b"]);
    const mounted = spawnSync("mount", ["-t", "tmpfs", "holdfast-test", join(folder, "a")]).status === 0;
    if (!mounted) return; // Only the administrator may, and not in every container.
    try {
      fill(folder, ["a/c"]);
      const refusedMounts = [{ path: catalogPath(join(folder, "a")), kind: "tmpfs" }];
      expect(look(folder, [{ roots: [folder] }])).toEqual(["a", "a/c", "b"]);
      expect(look(folder, [{ roots: [folder] }], { refusedMounts })).toEqual(["b", "!licence/network-drive a"]);
    } finally {
      spawnSync("umount", [join(folder, "a")]);
    }
  },
);
