import { appendFileSync, existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { smallDisk, whyNoSmallDisk } from "../../test/support/small-disk.ts";
import { steeredClock } from "../../test/support/steered-clock.ts";
import { tempFolder } from "../../test/support/temp-folder.ts";
import { AgentLog, tailOf } from "./agent-log.ts";

const numbers = (lines: readonly string[]) => lines.map((line) => JSON.parse(line).number);
const upTo = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, at) => first + at);

test("a full file moves on, five older ones are kept, and the last lines are read over all of them", () => {
  const dataFolder = tempFolder();
  using log = new AgentLog({ dataFolder, clock: steeredClock(), fileBytesMax: 300 });
  for (let number = 1; number <= 40; number++) log.write("info", "test", { number, text: "é\n" });
  for (const [name, isThere] of [
    ["agent.log", true],
    ["agent.log.5", true],
    ["agent.log.6", false],
  ] as const)
    expect(existsSync(join(dataFolder, name)), name).toBe(isThere);
  for (const name of ["agent.log", "agent.log.1"]) {
    expect(statSync(join(dataFolder, name)).size).toBeLessThanOrEqual(310);
    expect(statSync(join(dataFolder, name)).mode & 0o777).toBe(0o600);
  }
  expect(numbers(log.tail(7))).toEqual(upTo(34, 40));
  expect(log.tail(0)).toEqual([]);
  const all = numbers(log.tail(1000));
  expect(all).toEqual(upTo(all[0], 40));
  expect(all.length).toBeGreaterThan(10);
});

test("half a line of an agent that was killed stays alone", () => {
  const dataFolder = tempFolder();
  writeFileSync(join(dataFolder, "agent.log"), '{"number":1}\n{"numb');
  using log = new AgentLog({ dataFolder, clock: steeredClock() });
  log.write("info", "test", { number: 2 });
  expect(tailOf(dataFolder, 10)).toEqual(['{"number":1}', '{"numb', expect.stringContaining('"number":2')]);
});

test("who follows hears each line once; a log that is not there is empty", () => {
  const dataFolder = tempFolder();
  expect(tailOf(dataFolder, 10)).toEqual([]);
  using log = new AgentLog({ dataFolder, clock: steeredClock() });
  const heard: string[] = [];
  {
    using _following = log.follow((line) => heard.push(line));
    log.write("warning", "heard", {});
  }
  log.write("warning", "not heard", {});
  expect(heard).toEqual([expect.stringContaining('"event":"heard"')]);
});

test.skipIf(whyNoSmallDisk())("a full disk stops nobody, and lines come again when there is room", () => {
  const dataFolder = join(tempFolder(), "small");
  using disk = smallDisk(dataFolder, 1);
  using log = new AgentLog({ dataFolder, clock: steeredClock() });
  log.write("info", "before", {});
  for (let n = 0; n < 40; n++)
    try {
      appendFileSync(join(dataFolder, "ballast"), Buffer.alloc(32 * 1024));
    } catch {
      // Full.
    }
  const heard: string[] = [];
  using _following = log.follow((line) => heard.push(line));
  for (let n = 0; n < 200; n++) log.write("info", "meanwhile", { text: "x".repeat(500) });
  expect(heard).toHaveLength(200);
  disk.resize(4);
  log.write("info", "after", {});
  expect(readFileSync(join(dataFolder, "agent.log"), "utf8")).toMatch(/\n\{[^\n]*"event":"after"\}\n$/);
  disk.resize(8);
});
