import { stripVTControlCharacters, styleText } from "node:util";
import { expect, test } from "vitest";
import type { AgentStatus } from "../agent/index.ts";
import { type StatusText, statusLines } from "./agent-status.ts";
import { wrapped } from "./table.ts";

const NOW = Date.UTC(2026, 10, 22, 12);
const status: AgentStatus = {
  version: "0.1.0",
  pid: 7,
  startedAt: NOW - 60_000,
  now: NOW,
  state: "idle",
  sets: [
    { name: "evil\u202ename", roots: ["/home/somebody with a long name/documents", "/home/somebody/photos and films"] },
  ],
  watching: { isOn: true, folders: 3, isComplete: true, changes: 1 },
  service: { url: "https://backup.example" },
  troubles: [],
  rssBytes: 1,
  cpuSeconds: 1,
};
const text = (columns: number): StatusText => ({
  style: (style, words) => styleText(style, words, { validateStream: false }),
  timeZone: "UTC",
  columns,
});
const plain = (lines: readonly string[]) => lines.map((line) => stripVTControlCharacters(line));

test("no line is wider than the terminal, and hints keep their place below what they belong to", () => {
  const hint = "Ask your administrator for more storage, or back up less; the command for that is `holdfast sets`.";
  const troubles = [
    { code: "quota/near", message: "Only 12 MiB of storage are left for this machine and all others.", hint },
  ];
  const unreached = "The service at https://backup.example can't be reached: nothing listens there.";
  const shown = plain(statusLines({ ...status, troubles, service: { ...status.service, unreached } }, text(50)));
  for (const line of shown) expect(line.length, line).toBeLessThanOrEqual(50);
  expect(shown.filter((line) => line.startsWith("    Ask") || line.startsWith("  ! Only"))).toHaveLength(2);
  expect(shown.join("\n")).not.toContain("\u202e");
});

test.each<[Partial<AgentStatus>, string]>([
  [{}, "idle, running for"],
  [{ state: "paused", pausedUntil: Number.MAX_SAFE_INTEGER }, "paused until `holdfast resume`"],
  [{ state: "paused", pausedUntil: NOW + 1 }, "paused until 2026-11-22 12:00:00 UTC"],
  [{ state: "waiting", because: "the machine runs on its battery" }, "waiting: the machine runs on its battery"],
])("the first line says the state (%#)", (more, said) => {
  expect(plain(statusLines({ ...status, ...more }, text(100)))[0]).toContain(said);
});

test("words are kept whole, styles take no room", () => {
  expect(wrapped("one two three", 7)).toEqual(["one two", "three"]);
  expect(wrapped(`${styleText("dim", "one", { validateStream: false })} two three`, 7)).toHaveLength(2);
  expect(wrapped("averylongword x", 5)).toEqual(["averylongword", "x"]);
  expect(wrapped("", 5)).toEqual([""]);
});
