import {
  appendFileSync,
  chmodSync,
  closeSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { steeredClock } from "../../test/support/steered-clock.ts";
import { tempFolder } from "../../test/support/temp-folder.ts";
import { enterFolder } from "../disk/disk-path.ts";
import type { Watcher } from "./messages.ts";
import { type WatchGap, type WatchOptions, watch } from "./watch.ts";

interface Told {
  readonly path: string;
  readonly how: "deep" | "itself" | "entries";
}

async function watched(watcher: Watcher, options: Partial<WatchOptions> & { root: string }) {
  const { root } = options;
  const told: Told[] = [];
  const gaps: WatchGap[] = [];
  const clock = steeredClock();
  const watching = watch({
    roots: [root],
    isLeftOut: () => false,
    clock,
    watcher,
    onChange: ({ path, isDeep, isItselfOnly }) => {
      const text = typeof path === "string" ? path : path.toString("latin1");
      told.push({ path: text.slice(root.length), how: isDeep ? "deep" : isItselfOnly ? "itself" : "entries" });
    },
    onGap: (gap) => gaps.push(gap),
    ...options,
  });
  onTestFinished(() => watching[Symbol.asyncDispose]());
  await watching.ready;
  return {
    watching,
    told,
    gaps,
    clock,
    /** Everything told from now on until something covers each of these paths, by itself or by a folder above. */
    async until(act: () => void, ...paths: readonly string[]) {
      told.length = 0;
      act();
      await expect
        .poll(() => paths.filter((path) => !told.some((one) => covers(one, path))), { interval: 5 })
        .toEqual([]);
      return [...told];
    },
  };
}

function covers({ path, how }: Told, changed: string): boolean {
  if (path === changed) return true;
  if (how === "deep") return changed.startsWith(`${path}/`);
  return how === "entries" && changed.slice(0, changed.lastIndexOf("/")) === path;
}

describe.each<Watcher>(["folders", "chokidar"])("%s", (watcher) => {
  test("what comes, changes and goes in a folder is told by its path", async () => {
    const root = tempFolder();
    mkdirSync(join(root, "a/b"), { recursive: true });
    writeFileSync(join(root, "a/b/old"), "1");
    const { until } = await watched(watcher, { root });
    const at = (path: string) => join(root, path);
    await until(() => writeFileSync(at("a/b/new"), "1"), "/a/b/new");
    await until(() => appendFileSync(at("a/b/old"), "2"), "/a/b/old");
    await until(() => truncateSync(at("a/b/old"), 1), "/a/b/old");
    await until(() => chmodSync(at("a/b/old"), 0o600), "/a/b/old");
    await until(() => renameSync(at("a/b/old"), at("a/moved")), "/a/b/old", "/a/moved");
    await until(() => linkSync(at("a/moved"), at("a/b/linked")), "/a/b/linked");
    await until(() => symlinkSync("nowhere", at("a/link")), "/a/link");
    await until(() => unlinkSync(at("a/moved")), "/a/moved");
  });

  test("a folder that comes with all that is in it is told deep, and what changes in it later, too", async () => {
    const root = tempFolder();
    const outside = tempFolder();
    mkdirSync(join(outside, "x/y"), { recursive: true });
    writeFileSync(join(outside, "x/y/file"), "1");
    const { until, told } = await watched(watcher, { root });
    const moved = await until(() => renameSync(join(outside, "x"), join(root, "x")), "/x/y/file");
    expect(moved.some(({ how }) => how === "deep")).toBe(true);
    await until(() => mkdirSync(join(root, "m/n"), { recursive: true }), "/m/n");
    // Only when the new folder is watched is a change in it told by its own path; before, the folder was.
    await expect
      .poll(() => {
        appendFileSync(join(root, "m/n/file"), "1");
        return told.some(({ path }) => path === "/m/n/file");
      })
      .toBe(true);
  });

  test("a folder that got another name is watched under that, and no longer under the old one", async () => {
    const root = tempFolder();
    mkdirSync(join(root, "one/below"), { recursive: true });
    const { until, told } = await watched(watcher, { root });
    await until(() => renameSync(join(root, "one"), join(root, "two")), "/one", "/two/below");
    await expect
      .poll(() => {
        appendFileSync(join(root, "two/below/file"), "1");
        return told.some(({ path }) => path === "/two/below/file");
      })
      .toBe(true);
    const later = await until(() => writeFileSync(join(root, "two/below/last"), "1"), "/two/below/last");
    expect(later.filter(({ path }) => path.startsWith("/one"))).toEqual([]);
  });

  test("a root that goes is a gap; so is one that comes back, which is watched again", async () => {
    const root = join(tempFolder(), "root");
    mkdirSync(root);
    const { gaps, clock, watching, until } = await watched(watcher, { root });
    rmSync(root, { recursive: true });
    await expect.poll(() => gaps).toEqual([{ reason: "root-gone", path: root }]);
    await expect.poll(() => watching.isComplete).toBe(false);
    mkdirSync(root);
    clock.advance(60_000);
    await expect.poll(() => gaps.at(-1)).toEqual({ reason: "remount", path: root });
    await expect.poll(() => watching.isComplete).toBe(true);
    await until(() => writeFileSync(join(root, "new"), "1"), "/new");
  });

  test("a root that was not there at the start is watched when it comes", async () => {
    const root = join(tempFolder(), "later");
    const { gaps, watching, until } = await watched(watcher, { root });
    expect(watching.unwatched).toEqual([{ path: root, reason: "missing" }]);
    mkdirSync(join(root, "in"), { recursive: true });
    await watching.check();
    await expect.poll(() => gaps).toEqual([{ reason: "remount", path: root }]);
    await expect.poll(() => watching.isComplete).toBe(true);
    await until(() => writeFileSync(join(root, "in/file"), "1"), "/in/file");
  });

  test.runIf(process.platform === "linux")("names that are not UTF-8 are told, or the folder they are in", async () => {
    const root = tempFolder();
    const { until } = await watched(watcher, { root });
    const file = Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0xff, 0x61])]);
    await until(() => writeFileSync(file, "1"), "/\xffa");
  });

  test("nothing is told of what is left out", async () => {
    const root = tempFolder();
    mkdirSync(join(root, "cache/deep"), { recursive: true });
    const isLeftOut = (path: string) => path.startsWith(join(root, "cache")) || path.endsWith(".tmp");
    const { until } = await watched(watcher, { root, isLeftOut });
    const told = await until(() => {
      writeFileSync(join(root, "cache/deep/file"), "1");
      writeFileSync(join(root, "a.tmp"), "1");
      writeFileSync(join(root, "last"), "1");
    }, "/last");
    expect(told.map(({ path }) => path)).not.toContain("/a.tmp");
    expect(told.filter(({ path }) => path.startsWith("/cache/"))).toEqual([]);
  });
});

test("folders rather than files are watched, and none that is left out", async () => {
  const root = tempFolder();
  for (const folder of ["a/b", "c", "cache/x/y"]) mkdirSync(join(root, folder), { recursive: true });
  for (let at = 0; at < 100; at++) writeFileSync(join(root, "c", `${at}`), "");
  const { watching } = await watched("folders", { root, isLeftOut: (path) => path === join(root, "cache") });
  expect([watching.folders, watching.isComplete, watching.unwatched]).toEqual([4, true, []]);
});

test("beyond the limit the rest is still watched, what to do is told, and room that comes is used", async () => {
  const root = tempFolder();
  for (const name of ["a", "b", "c"]) mkdirSync(join(root, name));
  const { watching, gaps, until } = await watched("folders", { root, foldersMax: 3 });
  expect(gaps).toEqual([{ reason: "limit", detail: expect.stringContaining("fs.inotify.max_user_watches") }]);
  expect([watching.folders, watching.isComplete, watching.unwatched.length]).toEqual([3, false, 1]);
  await until(() => writeFileSync(join(root, "new"), "1"), "/new");
  const left = watching.unwatched[0]?.path ?? "";
  const other = ["a", "b", "c"].map((name) => join(root, name)).find((path) => path !== left) ?? "";
  rmSync(other, { recursive: true });
  await expect
    .poll(async () => {
      await watching.check();
      return watching.isComplete;
    })
    .toBe(true);
  await until(() => writeFileSync(join(left, "file"), "1"), `${left.slice(root.length)}/file`);
  expect(gaps).toHaveLength(1);
});

test("as many events in one go as may have been more are a gap", async () => {
  const root = tempFolder();
  // Of how many the thread takes in a go, one alone is sure.
  const { gaps } = await watched("folders", { root, burstEvents: 1 });
  writeFileSync(join(root, "new"), "");
  await expect.poll(() => gaps).toContainEqual({ reason: "overflow" });
});

test("a file that says what to leave out has everything below its folder decided again", async () => {
  const root = tempFolder();
  mkdirSync(join(root, "a/quiet"), { recursive: true });
  const rules = join(root, "a/.holdfastignore");
  const isLeftOut = (path: string) =>
    path === join(root, "a/quiet") && existsSync(rules) && readFileSync(rules, "utf8") === "quiet";
  writeFileSync(rules, "quiet");
  const { until, watching } = await watched("folders", { root, isLeftOut });
  expect(watching.folders).toBe(2);
  await until(() => unlinkSync(rules), "/a/.holdfastignore", "/a/quiet/file");
  await until(() => writeFileSync(join(root, "a/quiet/file"), "1"), "/a/quiet/file");
});

test("roots within roots are watched once, symlinks not at all", async () => {
  const root = tempFolder();
  const outside = tempFolder();
  mkdirSync(join(root, "in/side"), { recursive: true });
  symlinkSync(outside, join(root, "link"));
  const { watching, until } = await watched("folders", { root, roots: [root, join(root, "in"), `${root}/`] });
  expect(watching.folders).toBe(3);
  await until(() => writeFileSync(join(root, "in/side/file"), "1"), "/in/side/file");
});

test("a root that is a file is watched, also when another file takes its place", async () => {
  const root = join(tempFolder(), "file");
  writeFileSync(root, "1");
  const { until, gaps, watching } = await watched("folders", { root });
  expect(watching.isComplete).toBe(true);
  await until(() => appendFileSync(root, "2"), "");
  writeFileSync(`${root}.new`, "3");
  await until(() => renameSync(`${root}.new`, root), "");
  await until(() => appendFileSync(root, "4"), "");
  expect(gaps).toEqual([]);
});

test.skipIf(process.geteuid?.() === 0)("a folder that can't be read is watched as soon as it can be", async () => {
  const root = tempFolder();
  mkdirSync(join(root, "secret/in"), { recursive: true });
  chmodSync(join(root, "secret"), 0);
  const { until, watching } = await watched("folders", { root });
  expect([watching.folders, watching.isComplete]).toEqual([1, true]);
  await until(() => chmodSync(join(root, "secret"), 0o700), "/secret/in/file");
  await until(() => writeFileSync(join(root, "secret/in/file"), "1"), "/secret/in/file");
});

test("a machine that slept has missed something", async () => {
  const { gaps, clock } = await watched("folders", { root: tempFolder() });
  clock.advance(3_600_000);
  await expect.poll(() => gaps).toEqual([{ reason: "sleep" }]);
});

test.runIf(process.platform === "linux")("paths that are too long for one call are watched, too", async () => {
  const root = tempFolder();
  const { until } = await watched("folders", { root });
  const names = Array.from({ length: 20 }, () => "d".repeat(220));
  const path = `/${names.join("/")}`;
  const make = (last: (base: Buffer) => void) => {
    let folder = enterFolder(Buffer.from(root));
    for (const name of names) {
      const below = Buffer.concat([folder.base, Buffer.from(name)]);
      mkdirSync(below, { recursive: true });
      folder = enterFolder(below, folder.fd);
    }
    last(folder.base);
    closeSync(folder.fd);
  };
  await until(() => make(() => undefined), path);
  await until(() => make((base) => writeFileSync(Buffer.concat([base, Buffer.from("file")]), "1")), `${path}/file`);
});
