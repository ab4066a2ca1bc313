import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { smallDisk, whyNoSmallDisk } from "../../test/support/small-disk.ts";
import { tempFolder } from "../../test/support/temp-folder.ts";
import type { RunView } from "../control/messages.ts";
import { DaemonMemory } from "./memory.ts";

const run = (endedAt: number, more: Partial<RunView> = {}): RunView => ({
  type: "Manual",
  to: "cloud",
  startedAt: endedAt - 1,
  endedAt,
  result: "success",
  reason: "asked for",
  ...more,
});

test("facts and runs are there after a restart, the newest first", () => {
  const folder = tempFolder();
  {
    using memory = new DaemonMemory(folder);
    memory.put("pausedUntil", 5);
    memory.put("gone", 1);
    memory.put("gone", undefined);
    memory.addRun(run(1));
    memory.addRun(run(2, { to: "local", result: "failed", code: "disk/full" }));
    memory.addRun(run(3, { result: "cancelled" }));
  }
  using memory = new DaemonMemory(folder);
  expect([memory.find("pausedUntil"), memory.find("gone"), memory.find("never")]).toEqual([5, undefined, undefined]);
  expect(memory.runs(2).map(({ endedAt }) => endedAt)).toEqual([3, 2]);
  expect(memory.findLast("cloud")).toMatchObject({ endedAt: 3 });
  expect(memory.findLast("cloud", ["success", "incomplete"])).toMatchObject({ endedAt: 1 });
  expect(memory.findLast("local", ["success"])).toBeUndefined();
  expect(statSync(join(folder, "agent.db")).mode & 0o777).toBe(0o600);
});

test("a file that is damaged is begun anew", () => {
  const folder = tempFolder();
  const path = join(folder, "agent.db");
  writeFileSync(path, "no database at all, but long enough to be taken for one ".repeat(100));
  using memory = new DaemonMemory(folder);
  memory.addRun(run(1));
  memory.put("fact", "kept");
  expect(memory.find("fact")).toBe("kept");
});

test("a row that another version wrote is passed over", () => {
  const folder = tempFolder();
  using memory = new DaemonMemory(folder);
  memory.addRun(run(1));
  const db = new DatabaseSync(join(folder, "agent.db"));
  db.exec(`INSERT INTO runs (target, result, ended_at, run) VALUES ('cloud', 'success', 2, '{"odd": true}')`);
  db.exec("INSERT INTO facts VALUES ('half', '{')");
  db.close();
  expect(memory.runs(10)).toHaveLength(1);
  expect([memory.findLast("cloud"), memory.find("half")]).toEqual([undefined, undefined]);
});

test.skipIf(whyNoSmallDisk())("what a full disk does not take is known, and written when there is room", () => {
  const folder = join(tempFolder(), "small");
  using disk = smallDisk(folder, 1);
  {
    using memory = new DaemonMemory(folder);
    memory.put("fact", "old");
    for (let at = 1; at <= 300; at++) memory.addRun(run(at, { message: "m".repeat(8_000) }));
    memory.put("fact", "new");
    expect(memory.find("fact")).toBe("new");
    expect(memory.findLast("cloud")).toMatchObject({ endedAt: 300 });
    disk.resize(16);
    memory.put("other", 1);
  }
  using memory = new DaemonMemory(folder);
  expect([memory.find("fact"), memory.find("other")]).toEqual(["new", 1]);
  expect(memory.findLast("cloud")).toMatchObject({ endedAt: 300 });
});
