/** What the console draws by day: storage against its limit, and how runs ended. */
import { expect, test } from "vitest";
import type { RouteName } from "../../protocol/routes.ts";
import { noteUsage, thinUsage } from "../../server-mock/domain/usage/note-usage.ts";
import { logInAs, makeAdmin, makeOwner, makeRole } from "../support/logged-in.ts";
import { addGroup, addMachine, addUser } from "../support/people.ts";
import { steeredClock } from "../support/steered-clock.ts";
import { startTestService } from "../support/test-service.ts";

const DAY = 24 * 3_600_000;

/** Time goes on for what the tests run themselves: the service's own jobs sleep. */
async function started() {
  const service = await startTestService();
  const clock = steeredClock(service.clock.now());
  const domain = { ...service.service.domain, clock };
  const token = await service.logIn("admin");
  const ann = await addUser(service, token, "ann");
  const machine = await addMachine(service, ann, { name: "den" });
  const use = async (usedBytes: number) => {
    const now = (await domain.records.machines.find(machine.id))?.usedBytes ?? 0;
    await domain.records.quota.charge(machine.id, usedBytes - now);
  };
  const get = async (name: RouteName, query = {}, by?: string, params = {}) =>
    (await service.call(name, { token: by ?? (await service.logIn("admin")), query, params })).json;
  const rows = () => domain.records.usage.list(machine.id, 0);
  return { service, clock, domain, token, ann, machine, use, get, rows };
}

const days = ({ days }: { days: { day: string; usedBytes: number }[] }) =>
  days.map(({ day, usedBytes }) => [day, usedBytes]);

test("a day is noted when something is other than before, and noting it twice changes nothing", async () => {
  const { clock, domain, use, rows } = await started();
  await use(100);
  expect((await noteUsage(domain)).noted).toBeGreaterThan(0);
  expect(await noteUsage(domain)).toEqual({ noted: 0 });
  expect(await rows()).toMatchObject([{ usedBytes: 100 }]);
  await use(150);
  await noteUsage(domain);
  expect(await rows()).toMatchObject([{ usedBytes: 150 }]);
  clock.advance(DAY);
  expect(await noteUsage(domain)).toEqual({ noted: 0 });
  clock.advance(DAY);
  await use(70);
  await noteUsage(domain);
  expect((await rows()).map(({ usedBytes }) => usedBytes)).toEqual([150, 70]);
});

test("storage of an organization, a group's admin, a user and a machine is shown for every day until now", async () => {
  const { service, domain, clock, token, ann, machine, use, get } = await started();
  const sales = await addGroup(service, token, "Sales");
  const bob = await addUser(service, token, "bob", { group: sales, limitBytes: 1000 });
  await use(100);
  await noteUsage(domain);
  clock.advance(2 * DAY);
  await use(300);
  await noteUsage(domain);
  clock.advance(DAY);
  await use(250);
  service.clock.advance(3 * DAY);
  const shown = [
    ["2026-11-21", 100],
    ["2026-11-22", 100],
    ["2026-11-23", 300],
    ["2026-11-24", 250],
  ];
  expect(days(await get("overviewStorage"))).toEqual(shown);
  expect(days(await get("overviewStorage", { days: 2 }))).toEqual(shown.slice(2));
  const params = { machine: machine.id };
  expect(days(await get("machineStorage", {}, undefined, params))).toEqual(shown);
  const person = await logInAs(service, ann.email, ann.password);
  expect(days(await get("overviewStorage", {}, person.token))).toEqual(shown);
  const owner = await makeOwner(service);
  expect(days(await get("overviewStorage", {}, owner.token))).toEqual(shown);
  const [organization] = await domain.records.organizations.list({ limit: 1 });
  expect(days(await get("overviewStorage", { organization: organization?.id }, owner.token))).toEqual(shown);
  const admin = await service.logIn("admin");
  const role = await makeRole(service, admin, { capabilities: ["machines.view"], groups: [sales] });
  const bound = await makeAdmin(service, admin, { role });
  expect(days(await get("overviewStorage", {}, bound.token)).map(([, used]) => used)).toEqual([0, 0, 0, 0]);
  expect((await service.call("machineStorage", { token: bound.token, params })).code).toBe("machine/missing");
  const own = await get("overviewStorage", {}, (await logInAs(service, bob.email, bob.password)).token);
  expect(own.days.at(-1)).toEqual({ day: "2026-11-24", usedBytes: 0, limitBytes: 1000 });
});

test("nothing is known before the first day that was noted", async () => {
  const { get } = await started();
  const { days: known } = await get("overviewStorage", { days: 400 });
  expect(known).toEqual([{ day: "2026-11-21", usedBytes: 0, limitBytes: null }]);
});

test("a machine's days become weeks after 35 days, all go after 400, and the list begins with what held then", async () => {
  const { clock, domain, use, rows } = await started();
  for (let day = 0; day < 60; day++) {
    await use(day + 1);
    await noteUsage(domain);
    await thinUsage(domain);
    clock.advance(DAY);
  }
  const kept = (await rows()).map(({ day }) => day);
  const last = kept.at(-1) ?? 0;
  const weekly = kept.filter((day) => day < last - 42);
  expect(weekly.length).toBeGreaterThan(1);
  expect(weekly.filter((day) => day % 7 !== 6)).toEqual([]);
  expect(kept.slice(-35)).toEqual(Array.from({ length: 35 }, (_, index) => last - 34 + index));
  for (let day = 0; day < 400; day += 10) {
    clock.advance(10 * DAY);
    await use(1000 + day);
    await noteUsage(domain);
    for (let back = 0; back < 10; back++) await thinUsage({ ...domain, clock: steeredClock(clock.now() - back * DAY) });
  }
  const today = Math.floor(clock.now() / DAY);
  expect((await rows()).filter(({ day }) => day < today - 400).length).toBeLessThanOrEqual(1);
  expect((await rows()).at(-1)).toMatchObject({ usedBytes: 1390, day: today });
});

test("runs are counted by the day on which they began, in the organization's time zone", async () => {
  const { service, token, machine, get } = await started();
  await service.call("changeOwnOrganization", { token, body: { settings: { timeZone: "Asia/Kolkata" } } });
  await machine.backUp(); // 12:00 UTC is 17:30 there.
  service.clock.advance(6.25 * 3_600_000);
  await machine.open();
  await machine.end({ code: "storage/full", message: "No." }); // 23:45.
  service.clock.advance(15 * 60_000);
  await machine.open();
  await machine.end(); // Midnight.
  service.clock.advance(2 * DAY);
  const { data, pages } = await machine.backUp();
  expect(data.chunks.length + pages.chunks.length).toBeGreaterThan(0);
  await machine.open();
  const shown = await get("machineDays", { days: 7 }, undefined, { machine: machine.id });
  const none = { succeeded: 0, incomplete: 0, failed: 0, cancelled: 0, running: 0, bytesTransferred: 200 };
  expect(shown).toEqual({
    timeZone: "Asia/Kolkata",
    from: "2026-11-18",
    until: "2026-11-24",
    days: [
      { ...none, day: "2026-11-21", succeeded: 1, failed: 1, bytesTransferred: 400 },
      { ...none, day: "2026-11-22", cancelled: 1 },
      { ...none, day: "2026-11-24", succeeded: 1, running: 1 },
    ],
  });
  expect((await get("machineDays", { days: 1 }, undefined, { machine: machine.id })).days).toHaveLength(1);
});

test("a record says its type and how it ended in words, on the screen and in the file", async () => {
  const { service, machine, get } = await started();
  await machine.backUp();
  service.clock.advance(1000);
  await machine.open();
  await machine.end({ code: "storage/full", message: "No room is left." });
  service.clock.advance(1000);
  await machine.open();
  const shown = (await get("searchBackups")).items.map((each: { shown: object }) => each.shown);
  expect(shown).toEqual([
    { type: "Manual Backup", result: "In Progress" },
    { type: "Manual Backup", result: "storage/full: No room is left." },
    { type: "Manual Backup", result: "Success" },
  ]);
  const { bytes } = await service.call("exportBackups", { token: await service.logIn("admin") });
  expect(bytes.toString()).toContain("Manual Backup");
});

test("of a machine that is purged no day is left", async () => {
  const { service, domain, token, machine, rows } = await started();
  await noteUsage(domain);
  expect(await rows()).toHaveLength(1);
  const params = { machine: machine.id };
  await service.call("deleteMachine", { token, params });
  expect((await service.call("purgeMachine", { token, params, body: { confirm: "den" } })).status).toBe(200);
  expect(await rows()).toEqual([]);
});
