import fc from "fast-check";
import { expect, test } from "vitest";
import { BRAKES, flagSentence, flagsOf, isMassChange, type RunChanges } from "./brakes.ts";

const QUIET = { files: 10_000, filesEncoded: 200 };
const NOTHING: RunChanges = {
  filesBefore: 10_000,
  filesGone: 100,
  filesReplaced: 50,
  storedPercent: 40,
  storedPercentBefore: 40,
};

test.each([
  ["an ordinary day", QUIET, NOTHING, []],
  [
    "more than half of the files gone",
    { files: 4999, filesEncoded: 0 },
    { ...NOTHING, filesGone: 5001 },
    ["mass-deletion"],
  ],
  ["half of them gone", { files: 5000, filesEncoded: 0 }, { ...NOTHING, filesGone: 5000 }, []],
  ["most of a few files gone", QUIET, { ...NOTHING, filesBefore: 999, filesGone: 999 }, []],
  ["most files new or changed", { files: 1000, filesEncoded: 501 }, NOTHING, ["mass-change"]],
  ["most of a few files changed", { files: 999, filesEncoded: 999 }, NOTHING, []],
  ["files encrypted in place", QUIET, { ...NOTHING, filesReplaced: 100, storedPercent: 101 }, ["entropy-jump"]],
  ["a few of them", QUIET, { ...NOTHING, filesReplaced: 99, storedPercent: 101 }, []],
  [
    "what never could be compressed",
    QUIET,
    { ...NOTHING, filesReplaced: 500, storedPercent: 101, storedPercentBefore: 95 },
    [],
  ],
  [
    "nobody knows how it was before",
    QUIET,
    { ...NOTHING, filesReplaced: 500, storedPercent: 101, storedPercentBefore: null },
    [],
  ],
  [
    "a first backup",
    { files: 5000, filesEncoded: 5000 },
    { ...NOTHING, filesBefore: 0, storedPercentBefore: null },
    [],
  ],
] as const)("flags of %s", (_, amounts, changes, flags) => {
  expect(flagsOf(amounts, changes)).toEqual(flags);
});

const any = fc.record({
  files: fc.nat(5000),
  filesEncoded: fc.nat(5000),
  filesBefore: fc.nat(5000),
  filesGone: fc.nat(5000),
  filesReplaced: fc.nat(500),
  storedPercent: fc.option(fc.nat(110)),
  storedPercentBefore: fc.option(fc.nat(110)),
});

test("more damage never takes a flag away, and small backups are never flagged for their share", () => {
  fc.assert(
    fc.property(any, fc.nat(2000), (run, more) => {
      const flags = flagsOf(run, run);
      const worse = {
        ...run,
        filesEncoded: run.filesEncoded + more,
        filesGone: run.filesGone + more,
        filesReplaced: run.filesReplaced + more,
        storedPercent: run.storedPercent && run.storedPercent + more,
      };
      expect(flagsOf(worse, worse)).toEqual(expect.arrayContaining(flags));
      if (run.filesBefore < BRAKES.filesMin) expect(flags).not.toContain("mass-deletion");
      if (run.files < BRAKES.filesMin) expect(isMassChange(run)).toBe(false);
      for (const flag of flags) expect(flagSentence(flag, run, run)).toMatch(/^\d+ .*\.$/);
    }),
  );
});
