/** A machine whose clock is set: no change goes without its backup, and none are made in a row. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { registerMachine } from "../../agent/index.ts";
import { mondayBeforeSummerTime, SimulatedMachine } from "../support/simulated-days.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { startTestService } from "../support/test-service.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

test("a clock that is set back a day or ahead a month holds up no backup, and makes no row of them", async () => {
  const service = await startTestService();
  service.clock.advance(mondayBeforeSummerTime() - service.clock.now());
  const documents = join(tempFolder(), "documents");
  mkdirSync(documents);
  const dataFolder = join(tempFolder(), "agent");
  const productKey = service.first.productKeys.desktop;
  const address = { url: service.address };
  await registerMachine({ dataFolder, address, productKey, name: "den", kind: "desktop" });
  const machine = new SimulatedMachine({ clock: service.clock, dataFolder, roots: [documents], timeZone: "UTC" });
  machine.write(join(documents, "first"), "first");
  await machine.start();
  await machine.settings({ roots: [documents], schedules: [{ type: "Continuous", quietSeconds: 60 }] });
  await machine.live(10 * MINUTE);

  const ends = () => machine.lines.filter(({ event }) => event === "backup.end").length;
  const madeWithin = async (ms: number) => {
    const before = ends();
    await machine.live(ms);
    await machine.quiet();
    return ends() - before;
  };
  for (const set of [-DAY, DAY, 31 * DAY, -31 * DAY]) {
    await machine.quiet();
    machine.write(join(documents, `before ${set}`), "");
    machine.clockSetMs += set;
    const made = await madeWithin(HOUR);
    expect([set, made >= 1 && made <= 2]).toEqual([set, true]);
    machine.write(join(documents, `after ${set}`), "");
    expect([set, await madeWithin(HOUR)]).toEqual([set, 1]);
    expect([set, await madeWithin(HOUR)]).toEqual([set, 0]);
  }
  // Also of an agent that did not see it.
  await machine.kill();
  machine.clockSetMs -= DAY;
  const before = ends();
  await machine.start();
  await madeWithin(HOUR);
  expect(ends() - before).toBe(1);
  machine.write(join(documents, "last"), "");
  expect(await madeWithin(HOUR)).toBe(1);
  expect(machine.status.last).toMatchObject({ result: "success" });
});
