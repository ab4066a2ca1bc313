/** Two weeks of an agent at work, with all that happens to a laptop; in the end every restore point is what the disk was. */
import { mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openVault, registerMachine, restore } from "../../agent/index.ts";
import { conditions } from "../../agent/settings/work.ts";
import type { RouteName } from "../../protocol/routes.ts";
import { mondayBeforeSummerTime, SimulatedMachine, type Tree, treeBelow } from "../support/simulated-days.ts";
import { switchableWay } from "../support/switchable-way.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { type CallOptions, startTestService, type TestService } from "../support/test-service.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const MB = 1_000_000;
const CONTINUOUS = [{ type: "Continuous", quietSeconds: 120 }] as const;
const BERLIN = "Europe/Berlin";

test("a fortnight of changes, sleep, outages, a full quota, new policies and a missing disk ends with every restore point right", async () => {
  const service = await startTestService();
  service.clock.advance(mondayBeforeSummerTime() - service.clock.now());
  const way = await switchableWay(service.address);
  const home = tempFolder();
  const [documents, disk] = [join(home, "documents"), join(home, "disk")];
  const dataFolder = join(tempFolder(), "agent");
  const productKey = service.first.productKeys.desktop;
  const { machine } = await registerMachine({
    dataFolder,
    address: { url: way.url },
    productKey,
    name: "den",
    kind: "desktop",
  });
  const laptop = new SimulatedMachine({ clock: service.clock, dataFolder, roots: [documents, disk], timeZone: BERLIN });
  for (const folder of [documents, disk]) mkdirSync(folder);
  for (let n = 0; n < 40; n++)
    laptop.write(join(documents, `week-${n % 4}`, `note-${n}.txt`), `note ${n}\n`.repeat(n + 1));
  for (let n = 0; n < 10; n++) laptop.write(join(disk, `photo-${n}.raw`), Buffer.alloc(20_000 + n, n));

  const edit = async (name: string, text: string) => {
    await laptop.quiet();
    laptop.write(join(documents, name), text);
  };
  const snapshots = () => [...laptop.expected.keys()];
  const newest = () => Math.max(0, ...snapshots());
  /** Changes something and lives until it is in a snapshot. */
  const isBackedUpWithin = async (ms: number, name: string) => {
    const before = newest();
    await edit(name, `${name} at ${laptop.clock.now()}`);
    await laptop.live(ms);
    await laptop.quiet();
    expect(newest(), `${name} is in a new snapshot`).toBeGreaterThan(before);
  };

  // Monday: the first backup, and changes that follow each other.
  await laptop.start();
  await laptop.settings({ roots: [documents, disk], schedules: [...CONTINUOUS] });
  await laptop.live(HOUR);
  expect(laptop.status.last).toMatchObject({ result: "success", type: "Continuous" });
  expect(laptop.status.troubles).toEqual([]);
  for (let n = 0; n < 6; n++) await isBackedUpWithin(HOUR, `monday-${n}.txt`);
  expect(laptop.status.last).toMatchObject({ isPartial: true });
  await edit("week-0/note-4.txt", "written anew");
  laptop.move(join(documents, "week-1"), join(documents, "archive", "week-1"));
  laptop.remove(join(documents, "week-2", "note-2.txt"));
  await laptop.live(HOUR);

  // Tuesday: the lid is shut with a change that nobody has backed up, and opened the next morning.
  await laptop.liveUntil("18:00");
  const beforeSleep = newest();
  await edit("late-idea.txt", "before the lid was shut");
  await laptop.sleep(13 * HOUR);
  await laptop.live(HOUR);
  expect(newest()).toBeGreaterThan(beforeSleep);
  expect(laptop.lines.some(({ event }) => event === "agent.woke")).toBe(true);

  // Wednesday to Friday: the service is away for two days.
  await laptop.liveUntil("10:00");
  await laptop.quiet();
  way.cut();
  const beforeOutage = newest();
  for (let n = 0; n < 8; n++) {
    await edit(`outage-${n}.txt`, `while nobody listened ${n}`);
    await laptop.live(6 * HOUR);
  }
  expect(newest()).toBe(beforeOutage);
  expect(laptop.status.troubles.map(({ code }) => code)).toContain("service/away");
  way.mend();
  await laptop.live(2 * HOUR);
  expect(newest()).toBeGreaterThan(beforeOutage);
  expect(laptop.status.troubles).toEqual([]);

  // Saturday: no room for something large; then there is.
  const { quota } = await asAdmin(service, "getMachine", { params: { machine } });
  await asAdmin(service, "changeMachine", { params: { machine }, body: { limitBytes: quota.usedBytes + MB } });
  await laptop.quiet();
  laptop.write(join(documents, "film.bin"), noise(5 * MB));
  await laptop.live(3 * HOUR);
  await laptop.quiet();
  expect(laptop.status.last).toMatchObject({ result: "incomplete", code: "quota/exceeded" });
  for (const sequence of snapshots()) {
    const { [join(documents, "film.bin")]: film, ...rest } = laptop.expected.get(sequence) ?? {};
    if (film !== undefined) laptop.expected.set(sequence, rest);
  }
  await asAdmin(service, "changeMachine", { params: { machine }, body: { limitBytes: null } });
  await laptop.live(26 * HOUR);
  await laptop.quiet();
  expect(laptop.status.last).toMatchObject({ result: "success" });
  expect(laptop.expected.get(newest())).toHaveProperty([join(documents, "film.bin")]);

  // Sunday, the clocks change; Monday: the organization says when, and nobody here can say otherwise.
  const schedules = [
    { type: "Scheduled", frequency: "daily", weekdays: [], at: "21:30", spreadMinutes: 15, catchUp: true },
  ];
  await asAdmin(service, "putPolicy", {
    params: { kind: "desktop" },
    headers: { "if-match": '"0"' },
    body: { settings: { schedules: { value: schedules, locked: true } } },
  });
  await laptop.liveUntil("10:00");
  const beforeDay = newest();
  await edit("monday-again.txt", "waits for the evening");
  await laptop.liveUntil("21:10");
  expect(newest()).toBe(beforeDay);
  expect(laptop.status.next).toMatchObject({ type: "Scheduled" });
  await laptop.liveUntil("21:50");
  await laptop.quiet();
  expect(newest()).toBe(beforeDay + 1);
  expect(laptop.status.last).toMatchObject({ type: "Scheduled", result: "success" });

  // Tuesday: the disk is not there. What it held stays in the history, and the record says what is missing.
  renameSync(disk, `${disk}-away`);
  const before: Tree = treeBelow(`${disk}-away`, disk);
  await edit("tuesday.txt", "the disk is away");
  laptop.hold(disk, before);
  await laptop.liveUntil("21:50");
  await laptop.quiet();
  expect(laptop.status.last).toMatchObject({ result: "incomplete", code: "root/missing" });
  renameSync(`${disk}-away`, disk);
  laptop.hold(disk, undefined);
  await laptop.liveUntil("21:50");
  expect(laptop.status.last).toMatchObject({ result: "success" });

  // Thursday: a pause of a day skips an evening, which is caught up when it ends.
  laptop.daemon.pause(DAY);
  const beforePause = newest();
  await edit("thursday.txt", "paused");
  await laptop.live(DAY - HOUR);
  expect(newest()).toBe(beforePause);
  await laptop.live(2 * HOUR);
  await laptop.quiet();
  expect(newest()).toBe(beforePause + 1);

  // Friday: killed in the middle, on battery after it, and it goes on.
  await laptop.quiet();
  laptop.write(join(documents, "holiday.bin"), noise(12 * MB));
  void laptop.daemon.backUpNow({ type: "Manual", isFull: false }).catch(() => undefined);
  await laptop.kill();
  laptop.readings = { ...laptop.readings, battery: { isDischarging: true, percent: 80 } };
  await laptop.start();
  await laptop.settings({ conditions: conditions.parse({ onBattery: "wait" }) });
  const onBattery = newest();
  await laptop.liveUntil("22:00");
  expect(newest()).toBe(onBattery);
  expect(laptop.status).toMatchObject({ state: "waiting", because: "the machine runs on its battery" });
  laptop.readings = { ...laptop.readings, battery: { isDischarging: false, percent: 80 } };
  await laptop.live(HOUR);
  await laptop.quiet();
  expect(newest()).toBeGreaterThan(onBattery);

  // The end: every restore point that is left, byte for byte.
  await laptop.live(DAY);
  await laptop.kill();
  const kept = await restoredTrees(service, machine, home);
  expect(kept.size).toBeGreaterThan(10);
  for (const [sequence, tree] of kept) expect(tree, `snapshot ${sequence}`).toEqual(laptop.expected.get(sequence));
  expect(Math.max(...kept.keys())).toBe(newest());
}, 2_400_000);

/** Log-ins end sooner than a fortnight. */
async function asAdmin(service: TestService, route: RouteName, options: CallOptions) {
  const { status, json } = await service.call(route, { ...options, token: await service.logIn("admin") });
  expect(status, JSON.stringify(json)).toBe(200);
  return json;
}

/** Bytes that neither compress nor repeat. */
function noise(bytes: number): Buffer {
  const out = Buffer.alloc(bytes);
  let state = 0x9e37_79b9 ^ bytes;
  for (let at = 0; at < bytes; at += 4) {
    state = Math.imul(state ^ (state >>> 15), 0x85eb_ca6b) + at;
    out.writeUInt32LE((state ^ (state >>> 13)) >>> 0, at);
  }
  return out;
}

async function restoredTrees(service: TestService, machine: string, home: string): Promise<Map<number, Tree>> {
  const { email, password } = service.first.user;
  await using vault = await openVault({
    address: { url: service.address },
    email,
    password,
    machine,
    source: "cli",
    purpose: "restore",
  });
  const trees = new Map<number, Tree>();
  for (const { sequence } of await vault.snapshots()) {
    const target = tempFolder();
    await restore(vault, await vault.openSnapshot(sequence), { target });
    trees.set(sequence, treeBelow(join(target, home), home));
  }
  return trees;
}
