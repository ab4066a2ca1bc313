import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { backupSet } from "../../protocol/messages/policies.ts";
import { fill } from "../../test/support/fill.ts";
import { tempFolder } from "../../test/support/temp-folder.ts";
import { DefaultRules } from "./defaults/default-rules.ts";
import { catalogPath } from "./disk-path.ts";
import { Explainer } from "./explain-choice.ts";
import { configuredRules } from "./ignore-rules.ts";
import { type WalkOptions, walk } from "./walk.ts";

const FILES = [
  "a/x.doc",
  "a/x.tmp",
  "a/cache/y.doc",
  "a/b/z.doc",
  "a/b/skip/z",
  "a/b/tagged/q.doc",
  "b/x.doc",
  "b/a/x",
];
const TAG = "Signature: 8a477f597d28d172789f06886806bc55\n";

function makeFiles(): string {
  const folder = tempFolder();
  fill(folder, FILES);
  writeFileSync(join(folder, "a/.holdfastignore"), "skip\n");
  writeFileSync(join(folder, "a/b/tagged/CACHEDIR.TAG"), TAG);
  return folder;
}

const someRules = fc.record({
  names: fc.subarray(["a", "x*"]),
  types: fc.subarray(["doc"]),
  relative: fc.subarray(["a/b", "b", "a/b/skip"]),
});
const someSet = fc.record({
  exclusionary: fc.boolean(),
  roots: fc.subarray(["", "a", "a/b", "a/b/skip", "a/b/tagged", "a/cache", "b/x.doc"], { minLength: 1 }),
  include: someRules,
  exclude: someRules,
});

test("whatever sets, rules and defaults say, what is explained as backed up is what a walk finds", () => {
  const folder = makeFiles();
  const at = (name: string) => join(folder, name);
  const rule = { pattern: at("a/cache"), reason: "a cache" };
  const rules = ({ relative, ...rest }: { relative: string[] }) => ({ ...rest, paths: relative.map(at) });
  fc.assert(
    fc.property(fc.array(someSet, { maxLength: 3 }), fc.boolean(), (said, hasRules) => {
      const sets = said.map((set, index) =>
        backupSet.parse({
          ...set,
          name: `set ${index}`,
          roots: set.roots.map(at),
          include: rules(set.include),
          exclude: rules(set.exclude),
        }),
      );
      const options: Omit<WalkOptions, "onProblem"> = {
        roots: [],
        choice: { sets, nowMs: 0 },
        defaults: new DefaultRules([rule], [], "exact"),
        configured: hasRules ? configuredRules(["*.tmp", "cache"], "settings") : undefined,
      };
      const found = new Set([...walk({ ...options, onProblem: () => undefined })].map(({ path }) => `/${path}`));
      const explainer = new Explainer(options);
      for (const file of FILES) {
        const { isTaken } = explainer.explain(catalogPath(at(file)));
        expect([file, isTaken]).toEqual([file, found.has(at(file))]);
      }
    }),
    { numRuns: 300 },
  );
});

test("what decides is named: the rule, the default, the tag, the set, by the folder it is about", () => {
  const folder = makeFiles();
  const at = (name: string) => join(folder, name);
  const sets = [
    { name: "all", roots: [at("a")], exclude: { types: ["TMP"] } },
    { name: "never", exclusionary: true, roots: [at("a")], include: { names: ["z.*"] } },
  ].map((set) => backupSet.parse(set));
  const mount = { path: catalogPath(at("a/nas")), kind: "cifs" };
  const explainer = new Explainer({
    roots: [],
    choice: { sets, nowMs: 0 },
    defaults: new DefaultRules([{ pattern: at("a/cache"), reason: "a cache" }], [], "exact"),
    leftOut: [catalogPath(at("a/data"))],
    refusedMounts: [mount],
  });
  const explain = (name: string) => explainer.explain(catalogPath(at(name)));
  const matched = catalogPath(at("a/b/skip"));
  expect(explain("a/b/skip/z")).toMatchObject({
    isTaken: false,
    cause: { rule: { pattern: "skip", line: 1 } },
    matched,
  });
  expect(explain("a/cache/none/yet")).toMatchObject({ isTaken: false, cause: { rule: { reason: "a cache" } } });
  expect(explain("a/b/tagged/q.doc")).toMatchObject({ isTaken: false, cause: { kind: "cache-tag" } });
  expect(explain("a/b/tagged")).toMatchObject({ isTaken: true, cause: undefined });
  expect(explain("a/data/x")).toMatchObject({ isTaken: false, cause: { kind: "own-data" } });
  expect(explain("a/nas/x")).toMatchObject({ isTaken: false, cause: { kind: "network-drive", mount } });
  const by = (part: string, field: string, value: string) => ({ by: { part, field, value } });
  expect(explain("a/x.tmp")).toMatchObject({ isTaken: false, states: [{}, by("exclude", "types", "TMP"), {}] });
  expect(explain("a/b/z.doc")).toMatchObject({
    isTaken: false,
    states: [{}, by("roots", "roots", at("a")), by("include", "names", "z.*")],
  });
  expect(explain("b/x.doc").states.map(({ kind }) => kind)).toEqual(["outside", "outside", "outside"]);
});

test("a file that is not there is decided as an empty new one", () => {
  const folder = makeFiles();
  const set = backupSet.parse({ name: "small", roots: [folder], include: { smallerThanBytes: 1 } });
  const explainer = new Explainer({ roots: [], choice: { sets: [set], nowMs: 0 } });
  expect(explainer.explain(catalogPath(join(folder, "new")))).toMatchObject({ isTaken: true, found: undefined });
  expect(explainer.explain(catalogPath(join(folder, "a/x.doc")))).toMatchObject({ isTaken: false });
});
