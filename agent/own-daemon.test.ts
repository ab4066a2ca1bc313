/** The agent at work on a machine that a test moves through time: real service, real backups, real files. */
import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { mondayBeforeSummerTime, SimulatedMachine, treeBelow } from "../test/support/simulated-days.ts";
import { switchableWay } from "../test/support/switchable-way.ts";
import { tempFolder } from "../test/support/temp-folder.ts";
import { startTestService } from "../test/support/test-service.ts";
import { lockDaemon } from "./daemon/daemon-lock.ts";
import { openVault, registerMachine, restore, type Settings } from "./index.ts";
import { conditions } from "./settings/work.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const MANUAL = { type: "Manual", isFull: false } as const;
const CONTINUOUS: Settings["schedules"] = [{ type: "Continuous", quietSeconds: 60 }];

async function machineAtWork(settings: Partial<Settings> = {}) {
  const service = await startTestService();
  service.clock.advance(mondayBeforeSummerTime() - service.clock.now());
  const way = await switchableWay(service.address);
  const folder = join(tempFolder(), "files");
  mkdirSync(folder);
  const dataFolder = join(tempFolder(), "agent");
  const { machine: id } = await registerMachine({
    dataFolder,
    address: { url: way.url },
    productKey: service.first.productKeys.desktop,
    name: "den",
    kind: "desktop",
  });
  const machine = new SimulatedMachine({ clock: service.clock, dataFolder, roots: [folder], timeZone: "UTC" });
  machine.write(join(folder, "a.txt"), "first");
  await machine.start();
  await machine.settings({ roots: [folder], schedules: [], ...settings });
  const events = (event: string) => machine.lines.filter((line) => line.event === event);
  /** A backup that sends nothing while the clock stands still. */
  const slowRun = async () => {
    await machine.settings({ uploadLimit: "1k" });
    machine.write(join(folder, `large-${machine.lines.length}`), randomBytes(100_000));
    const run = machine.daemon.backUpNow(MANUAL);
    run.catch(() => undefined);
    await expect.poll(() => machine.status.state).toBe("backing-up");
    return { run };
  };
  const restored = async (sequence: number) => {
    const { email, password } = service.first.user;
    await using vault = await openVault({
      address: { url: service.address },
      email,
      password,
      machine: id,
      source: "cli",
      purpose: "restore",
    });
    const target = tempFolder();
    await restore(vault, await vault.openSnapshot(sequence), { target });
    return treeBelow(join(target, folder), folder);
  };
  return { service, way, folder, machine, id, events, slowRun, restored };
}

/** The clock moves until it has come. */
async function passing<T>(machine: SimulatedMachine, promise: Promise<T>, stepMs = 5_000): Promise<T> {
  let isOver = false;
  const over = promise.finally(() => {
    isOver = true;
  });
  over.catch(() => undefined);
  while (!isOver) {
    machine.clock.advance(stepMs);
    await machine.settle();
  }
  return await over;
}

test("however often it is asked, backups come one after the other, and who asks while one runs shares the next", async () => {
  const { machine, slowRun, events } = await machineAtWork();
  const { run: first } = await slowRun();
  const others = Array.from({ length: 5 }, () => machine.daemon.backUpNow(MANUAL));
  expect(machine.daemon.isAtRest).toBe(false);
  await machine.settings({ uploadLimit: "off" });
  await passing(machine, first);
  const ends = await passing(machine, Promise.all(others));
  expect(new Set(ends.map(({ snapshot }) => snapshot)).size).toBe(1);
  expect(machine.lines.filter(({ event }) => /^backup\.(start|end)$/.test(event)).map(({ event }) => event)).toEqual([
    "backup.start",
    "backup.end",
    "backup.start",
    "backup.end",
  ]);
  expect(events("bug")).toEqual([]);
});

test("a change during a run is in the next one; a run that fails or is cancelled loses none", async () => {
  const { machine, folder, slowRun, way, restored } = await machineAtWork();
  const { run } = await slowRun();
  machine.write(join(folder, "meanwhile.txt"), "came during the run");
  machine.daemon.cancel();
  expect(await run).toMatchObject({ result: "cancelled", code: "backup/cancelled" });
  await machine.settings({ uploadLimit: "off" });
  way.cut();
  expect(await passing(machine, machine.daemon.backUpNow(MANUAL), 30_000)).toMatchObject({ result: "failed" });
  way.mend();
  const { snapshot = 0 } = await passing(machine, machine.daemon.backUpNow(MANUAL));
  expect(await restored(snapshot)).toEqual(treeBelow(folder));
  machine.write(join(folder, "meanwhile.txt"), "changed");
  expect(machine.status.watching.changes).toBe(1);
  const next = await passing(machine, machine.daemon.backUpNow(MANUAL));
  expect(next).toMatchObject({ result: "success", isPartial: true });
  expect(await restored(next.snapshot ?? 0)).toEqual(treeBelow(folder));
  expect(machine.status.watching.changes).toBe(0);
});

test("a pause holds a running backup where it is, refuses others, survives a restart and ends at its time", async () => {
  const { machine, slowRun, events } = await machineAtWork();
  const { run } = await slowRun();
  await machine.settings({ schedules: CONTINUOUS });
  const until = machine.daemon.pause(2 * HOUR);
  await expect.poll(() => machine.daemon.runner.gate.isOpen).toBe(false);
  await machine.settings({ uploadLimit: "off" });
  await machine.live(6 * MINUTE);
  expect(machine.status).toMatchObject({ state: "paused", running: { phase: expect.any(String) } });
  await expect(machine.daemon.backUpNow(MANUAL)).rejects.toMatchObject({ code: "agent/paused" });
  await machine.kill();
  expect(await run).toMatchObject({ result: "cancelled" });
  await machine.start();
  expect(machine.status.state).toBe("paused");
  const begun = events("backup.start").length;
  // However long it took to end: the clock went on meanwhile.
  await machine.live(until - 4 * MINUTE - machine.clock.now());
  expect(events("backup.start")).toHaveLength(begun);
  await machine.live(20 * MINUTE);
  await machine.quiet();
  expect(machine.status).toMatchObject({ state: "idle", last: { result: "success" } });
});

test("a backup by schedule yields to a condition and goes on where it was; one that a person asked for does not", async () => {
  const { machine, folder, events } = await machineAtWork({ conditions: conditions.parse({ onBattery: "wait" }) });
  machine.write(join(folder, "large"), randomBytes(100_000));
  await machine.settings({ uploadLimit: "1k", schedules: CONTINUOUS });
  await machine.live(2 * MINUTE);
  expect(machine.status.state).toBe("backing-up");
  machine.readings = { ...machine.readings, battery: { isDischarging: true, percent: 50 } };
  await machine.live(3 * MINUTE);
  await expect.poll(() => machine.daemon.runner.gate.isOpen).toBe(false);
  expect(machine.status).toMatchObject({ state: "waiting", because: "the machine runs on its battery" });
  await machine.settings({ uploadLimit: "off" });
  await machine.live(6 * MINUTE);
  expect(machine.status.running).toBeDefined();
  machine.readings = { ...machine.readings, battery: { isDischarging: false, percent: 50 } };
  await machine.live(6 * MINUTE);
  await machine.quiet();
  expect(machine.status.last).toMatchObject({ result: "success", type: "Continuous" });
  expect([...events("backup.yield"), ...events("backup.go-on")]).toHaveLength(2);
  machine.readings = { ...machine.readings, battery: { isDischarging: true, percent: 50 } };
  expect(await passing(machine, machine.daemon.backUpNow(MANUAL))).toMatchObject({ result: "success" });
  expect(machine.status.state).toBe("idle");
});

test("the hours of the week change the pace of a run that is under way", async () => {
  const hours = [
    {
      weekdays: ["monday" as const],
      from: "06:00",
      to: "07:10",
      uploadBytesPerSecond: 1024,
      downloadBytesPerSecond: null,
    },
  ];
  const { machine, folder } = await machineAtWork({
    bandwidth: { hours, uploadBytesPerSecond: null, downloadBytesPerSecond: null },
  });
  machine.write(join(folder, "large"), randomBytes(10_000_000));
  const run = machine.daemon.backUpNow(MANUAL);
  await expect.poll(() => machine.status.state).toBe("backing-up");
  await machine.live(3 * MINUTE);
  expect(machine.status).toMatchObject({ state: "backing-up", uploadBytesPerSecond: 1024 });
  await machine.liveUntil("07:11");
  expect(await passing(machine, run)).toMatchObject({ result: "success" });
  expect(machine.status.uploadBytesPerSecond).toBeUndefined();
});

test("settings that nobody can read are told once, schedules go on, and what changed meanwhile is backed up when they are mended", async () => {
  const { machine, folder, events } = await machineAtWork({ schedules: CONTINUOUS });
  const path = join(machine.dataFolder, "settings.json");
  const good = readFileSync(path, "utf8");
  await machine.live(10 * MINUTE);
  const { snapshot = 0 } = machine.status.last ?? {};
  writeFileSync(path, '{"roots": [');
  machine.write(join(folder, "b.txt"), "second");
  await machine.live(10 * MINUTE);
  expect(machine.status.troubles.map(({ code }) => code)).toEqual(["settings/invalid"]);
  await expect(machine.daemon.backUpNow(MANUAL)).rejects.toMatchObject({ code: "settings/invalid" });
  expect(machine.status.sets).toMatchObject([{ roots: [folder] }]);
  writeFileSync(path, good);
  await machine.live(90 * MINUTE);
  await machine.quiet();
  expect(machine.status.troubles).toEqual([]);
  expect(machine.status.last?.snapshot).toBeGreaterThan(snapshot);
  expect(events("config.bad")).toHaveLength(1);
  expect(machine.told).toEqual([expect.stringContaining("settings.json")]);
});

test("an end in the middle of a run is no failure, and the next start goes on", async () => {
  const { machine, slowRun, events, restored, folder } = await machineAtWork();
  const { run } = await slowRun();
  await machine.settings({ schedules: CONTINUOUS });
  const waiting = machine.daemon.backUpNow(MANUAL);
  waiting.catch(() => undefined);
  await machine.kill();
  expect(await run).toMatchObject({ result: "cancelled" });
  await expect(waiting).rejects.toMatchObject({ code: "agent/not-running" });
  expect(events("agent.stop")).toHaveLength(1);
  await machine.start();
  await machine.settings({ uploadLimit: "off" });
  await machine.live(5 * MINUTE);
  await machine.quiet();
  expect(machine.status.last).toMatchObject({ result: "success", type: "Continuous" });
  expect(await restored(machine.status.last?.snapshot ?? 0)).toEqual(treeBelow(folder));
  expect(events("bug")).toEqual([]);
});

test("each data folder has one agent", async () => {
  const { machine } = await machineAtWork();
  expect(() => lockDaemon(machine.dataFolder)).toThrow(expect.objectContaining({ code: "agent/running" }));
  await machine.kill();
  lockDaemon(machine.dataFolder)[Symbol.dispose]();
});

test("the local copy is made after each backup to the service, also when that fails", async () => {
  const disk = tempFolder();
  const { machine, way, events } = await machineAtWork({
    locations: "local-and-cloud",
    local: { folder: disk, capBytes: null, keep: "3-months" },
  });
  await passing(machine, machine.daemon.backUpNow(MANUAL));
  await machine.quiet();
  way.cut();
  await passing(machine, machine.daemon.backUpNow(MANUAL), 30_000);
  await machine.quiet();
  expect(events("backup.end")).toMatchObject([
    { to: "cloud", result: "success" },
    { to: "local", result: "success" },
    { to: "cloud", result: "failed" },
    { to: "local", result: "success" },
  ]);
  expect(machine.status.local).toMatchObject({ folder: disk, isPresent: true, lastUpdateAt: expect.any(Number) });
});

test("an order into an approved folder runs unasked; any other waits and is told", async () => {
  const back = tempFolder();
  const { machine, service, id, folder, events } = await machineAtWork({ restoreRoots: [back] });
  await passing(machine, machine.daemon.backUpNow(MANUAL));
  const order = async (path: string) => {
    const body = { snapshot: 1, paths: [join(folder, "a.txt")], target: { kind: "folder", path } };
    const token = await service.logIn("user");
    const { status, json } = await service.call("orderRestore", { token, params: { machine: id }, body });
    expect(status, JSON.stringify(json)).toBe(200);
  };
  /** While it lives on: an order is heard of with the next heartbeat that begins. */
  const comes = <T>(seen: () => T) =>
    expect.poll(async () => {
      await machine.live(5 * MINUTE);
      return seen();
    });
  await order(back);
  await comes(() => events("order.done").length + events("order.completed").length).toBe(1);
  expect(readFileSync(join(back, folder, "a.txt"), "utf8")).toBe("first");
  await order(tempFolder());
  await comes(() => machine.status.troubles.map(({ code }) => code)).toContain("order/waiting");
});
