import { expect, test } from "vitest";
import { HoldfastError } from "../../protocol/errors.ts";
import { type TroubleFacts, troublesOf } from "./troubles.ts";

const NOW = Date.UTC(2026, 10, 22);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const GOOD: TroubleFacts = {
  nowMs: NOW,
  isAnythingChosen: true,
  warningDays: 3,
  beganAt: NOW - 10 * DAY,
  lastUpdateAt: NOW - HOUR,
  last: undefined,
  unreached: undefined,
  quota: { usedBytes: 10, limitBytes: 100, availableBytes: 90 },
  isWatchComplete: true,
  missing: [],
  configError: undefined,
  local: { folder: "/mnt/copy", isPresent: true },
  orders: 0,
};
const away = new HoldfastError("service/unreachable", { url: "https://x", reason: "no route" });
const last = { type: "Manual", to: "cloud", startedAt: NOW - 2, endedAt: NOW - 1, reason: "" } as const;

test("a machine on which all is well has none", () => {
  expect(troublesOf(GOOD)).toEqual([]);
});

test.each<[string, Partial<TroubleFacts>, string[]]>([
  ["nothing chosen", { isAnythingChosen: false }, ["root/none"]],
  ["a failed run", { last: { ...last, result: "failed", code: "quota/exceeded" } }, ["quota/exceeded"]],
  ["an incomplete run", { last: { ...last, result: "incomplete", code: "root/missing" } }, ["root/missing"]],
  [
    "a run of a version that knew more",
    { last: { ...last, result: "failed", code: "new/unheard-of", message: "It was odd." } },
    ["new/unheard-of"],
  ],
  ["a cancelled run", { last: { ...last, result: "cancelled", code: "backup/cancelled" } }, []],
  ["an old backup", { lastUpdateAt: NOW - 3 * DAY - 1 }, ["backup/old"]],
  ["none yet, and new here", { lastUpdateAt: undefined, beganAt: NOW - DAY }, []],
  ["none yet, and here for long", { lastUpdateAt: undefined }, ["backup/old"]],
  ["a service away for minutes", { unreached: { since: NOW - HOUR, error: away } }, []],
  ["a service away for long", { unreached: { since: NOW - HOUR - 1, error: away } }, ["service/away"]],
  [
    "a service that refuses this machine",
    { unreached: { since: NOW, error: new HoldfastError("machine/suspended") } },
    ["machine/suspended"],
  ],
  ["little room", { quota: { usedBytes: 91, limitBytes: 100, availableBytes: 9 } }, ["quota/near"]],
  ["little room in a pool", { quota: { usedBytes: 95, limitBytes: null, availableBytes: 5 } }, ["quota/near"]],
  ["no limit", { quota: { usedBytes: 95, limitBytes: null, availableBytes: null } }, []],
  ["no disk for the copy", { local: { folder: "/mnt/copy", isPresent: false } }, ["local/missing"]],
  ["a watch that lacks folders", { isWatchComplete: false }, ["watch/incomplete"]],
  ["a folder that is not there", { missing: ["/mnt/photos"] }, ["root/missing"]],
  ["an order that waits", { orders: 2 }, ["order/waiting"]],
  [
    "settings that can't be read, which fail the backup, too",
    {
      configError: new HoldfastError("settings/invalid", { path: "settings.json", reason: "no JSON" }),
      last: { ...last, result: "failed", code: "settings/invalid" },
    },
    ["settings/invalid"],
  ],
])("%s", (_, facts, codes) => {
  const troubles = troublesOf({ ...GOOD, ...facts });
  expect(troubles.map(({ code }) => code)).toEqual(codes);
  for (const { message, hint } of troubles) expect([message, hint].every((text) => /[.!?]$/.test(text))).toBe(true);
});
