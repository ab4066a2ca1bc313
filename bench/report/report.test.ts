import { expect, test } from "vitest";
import { figureTables } from "./figures.ts";
import { growthTables } from "./growth.ts";
import { asMarkdown, asText, shownNumber } from "./layout.ts";
import { median } from "./median.ts";
import { markdownReport, textReport } from "./report.ts";
import type { Results, Sample } from "./results.ts";
import { targetTable } from "./targets.ts";

const workload = { name: "small", about: "many small files", percent: "1 % of the files", files: 1000, bytes: 5e6 };

const sample = (tool: string, run: number, wallSeconds: number, more: Partial<Sample> = {}): Sample => ({
  workload: "small",
  tool,
  operation: "first",
  run,
  wallSeconds,
  cpuSeconds: 2 * wallSeconds,
  serviceSeconds: undefined,
  agentPeakBytes: 100 * 2 ** 20,
  servicePeakBytes: undefined,
  sentBytes: undefined,
  elsewhereSeconds: 0,
  storedBytes: 3e6,
  addedBytes: 2e6,
  ...more,
});

const results = (samples: readonly Sample[]): Results => ({
  at: "2026-11-22T01:00:00.000Z",
  machine: { processors: "2 × something" },
  flags: ["--quick"],
  tools: [
    { name: "holdfast", about: "holdfast 0.1.0" },
    { name: "restic", about: "restic 0.19.1" },
  ],
  absent: [{ name: "borg", reason: "borg is not installed" }],
  workloads: [workload],
  samples,
  failures: [],
});

const table = (samples: readonly Sample[], title: RegExp) =>
  figureTables(results(samples), workload).find((each) => title.test(each.title));

test("the median is the middle one, or the mean of the middle two", () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
  expect(median([])).toBeUndefined();
});

test("a cell is the median of its runs, and the ratio is peer ÷ holdfast", () => {
  const samples = [
    sample("holdfast", 1, 1),
    sample("holdfast", 2, 2),
    sample("holdfast", 3, 9),
    sample("restic", 1, 6),
    sample("restic", 2, 8),
  ];
  expect(table(samples, /^Wall/)?.rows).toEqual([
    {
      name: "first backup",
      cells: [
        { value: 2, ratio: undefined, disturbed: false },
        { value: 7, ratio: 3.5, disturbed: false },
      ],
    },
  ]);
});

test("for speeds the ratio is turned round: above 1 is always good for holdfast", () => {
  const cells = table([sample("holdfast", 1, 1), sample("restic", 1, 4)], /MB\/s/)?.rows[0]?.cells;
  expect(cells?.map((cell) => cell?.value)).toEqual([5, 1.25]);
  expect(cells?.[1]?.ratio).toBe(4);
});

test("times are marked when other work disturbed them, bytes never are", () => {
  const samples = [sample("holdfast", 1, 1, { elsewhereSeconds: 0.5 }), sample("restic", 1, 1)];
  expect(table(samples, /^Wall/)?.rows[0]?.cells.map((cell) => cell?.disturbed)).toEqual([true, false]);
  expect(table(samples, /^Added/)?.rows[0]?.cells.map((cell) => cell?.disturbed)).toEqual([false, false]);
});

test("tables without figures and tools without samples are left out", () => {
  expect(table([sample("holdfast", 1, 1)], /network/)).toBeUndefined();
  expect(table([sample("restic", 1, 1)], /^Wall/)?.columns).toEqual(["restic"]);
  expect(table([sample("restic", 1, 1)], /^Wall/)?.rows[0]?.cells[0]?.ratio).toBeUndefined();
});

test("figures have three digits that matter", () => {
  expect([0.0312, 1.234, 9.999, 12.34, 99.96, 12_345.6].map(shownNumber)).toEqual([
    "0.03",
    "1.23",
    "10.0",
    "12.3",
    "100",
    "12,346",
  ]);
});

test("text columns line up, and Markdown is a table", () => {
  const wall = table([sample("holdfast", 1, 1), sample("restic", 1, 12)], /^Wall/);
  if (!wall) throw new Error("no table");
  const [head, row] = asText(wall).split("\n");
  expect(head?.length).toBe(row?.length);
  expect(asMarkdown(wall)).toBe(
    "| Wall time, seconds | holdfast | restic |\n| --- | ---: | ---: |\n| first backup | 1.00 | 12.0 (12.0×) |\n",
  );
});

test("both reports name what was left out, what failed and which restored tree differs", () => {
  const samples = [sample("restic", 1, 1, { operation: "restore-all", differences: ["missing: a", "missing: b"] })];
  const failure = { workload: "small", tool: "holdfast", run: 1, reason: "it ended with 1:\nmore" };
  const found = { ...results(samples), failures: [failure] };
  for (const report of [textReport(found), markdownReport(found)]) {
    expect(report).toContain("left out: borg (borg is not installed)");
    expect(report).toContain("0 of 1 restored trees");
    expect(report).toContain("restic, small, restore all: 2 differences, the first: missing: a");
    expect(report).toContain("holdfast, small, run 1 FAILED: it ended with 1:");
  }
});

test("targets: what is asked stands beside what was measured, reached or not", () => {
  const peaks = { agentPeakBytes: 250 * 2 ** 20, servicePeakBytes: 100 * 2 ** 20 };
  const { rows, reached, missed } = targetTable(
    results([
      sample("holdfast", 1, 1, peaks),
      sample("restic-rest", 1, 3.5, { cpuSeconds: 4, addedBytes: 1.9e6 }),
      sample("borg-serve", 1, 0.9, { addedBytes: 2.5e6 }),
    ]),
    "small",
  );
  expect(rows).toEqual([
    [
      "small",
      "seconds",
      "× restic-rest",
      "× borg-serve",
      expect.stringMatching(/CPU/),
      expect.anything(),
      expect.anything(),
      "agent, MiB",
      "service, MiB",
    ],
    [
      "first backup",
      "1.00",
      "3.50 ✓ ≥ 3",
      "0.90 ✗ ≥ 1",
      "50.0 ✗ ≤ 45",
      "105 ✗ ≤ 103",
      "80.0 ✓ < 100",
      "250 ✗ ≤ 200",
      "100 ✓ ≤ 200",
    ],
  ]);
  expect([reached, missed]).toEqual([3, 4]);
});

test("targets: without the peers only what needs none is judged", () => {
  const { rows, reached, missed } = targetTable(results([sample("holdfast", 1, 1)]), "small");
  expect(rows[1]).toEqual(["first backup", "1.00", "–", "–", "–", "–", "–", "100 ✓ ≤ 200", "–"]);
  expect([reached, missed]).toEqual([1, 0]);
});

test("the summary of targets leaves all other tables out", () => {
  const report = textReport(results([sample("holdfast", 1, 1)]), "targets");
  expect(report).not.toMatch(/Wall time/);
  expect(report).toMatch(/1 of 1 targets reached/);
  expect(markdownReport(results([sample("holdfast", 1, 1)]), "targets")).toMatch(/\| first backup \| 1.00 \|/);
});

test("growth: a row an operation, a column a tree, and a dash for what was not measured", () => {
  const samples = [
    sample("holdfast", 1, 1, { workload: "10 files" }),
    sample("holdfast", 1, 2, { workload: "20 files", agentPeakBytes: 150 * 2 ** 20 }),
    sample("holdfast", 1, 3, { workload: "20 files", operation: "list" }),
  ];
  expect(growthTables(samples, "holdfast")[0]).toEqual([
    ["holdfast: peak memory of the command, MiB", "10 files", "20 files"],
    ["first backup", "100", "150"],
    ["list snapshots", "–", "100"],
  ]);
});
