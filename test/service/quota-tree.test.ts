/** The quota tree under random edits, moves and uploads: its rules hold after every step, whoever asks for what. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { makeOrganization, makeUser, type TestOrganization } from "../support/organizations.ts";
import { addMachine } from "../support/people.ts";
import { makePack, type TestMachine } from "../support/test-machine.ts";
import { type Answered, startTestService, type TestService } from "../support/test-service.ts";

const GROUPS = 3;
const USERS = 3;
/** Few values, so that levels often lie close to each other. */
const bytes = fc.constantFrom(0, 1000, 2000, 3000, 4000, 6000, 9000);
const limit = fc.option(bytes, { nil: null, freq: 4 });
const overage = fc.constantFrom(null, 0, 0, 0, 700);
const mode = fc.constantFrom("shared", "shared", "limited", "assigned", "assigned", "none");
/** undefined: not named in the edit. */
const devices = fc.constantFrom(undefined, undefined, undefined, null, 1, 3, 5, 8);
const which = fc.nat({ max: 2 });

const often = <Value>(arbitrary: fc.Arbitrary<Value>) => ({ weight: 4, arbitrary });

const step = fc.oneof(
  often(fc.record({ do: fc.constant("organization" as const), limit, overage, devices })),
  often(fc.record({ do: fc.constant("group" as const), which, mode, limit: bytes, overage, devices })),
  often(
    fc.record({
      do: fc.constant("user" as const),
      which,
      limit,
      overage,
      devices: fc.constantFrom(undefined, undefined, 1, 2, 4),
    }),
  ),
  often(fc.record({ do: fc.constant("machine" as const), which, limit })),
  often(fc.record({ do: fc.constant("move" as const), which, to: fc.nat({ max: GROUPS - 1 }) })),
  often(
    fc.record({
      do: fc.constant("upload" as const),
      packs: fc.array(fc.record({ which, length: fc.integer({ min: 100, max: 1500 }) }), {
        minLength: 1,
        maxLength: 6,
      }),
    }),
  ),
  { weight: 1, arbitrary: fc.record({ do: fc.constant("delete" as const), which }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("undelete" as const), which }) },
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

/** Tight from the start. */
const BEGINNING: readonly Step[] = [
  { do: "organization", limit: 9000, overage: 0, devices: 8 },
  { do: "group", which: 1, mode: "assigned", limit: 3000, overage: 700, devices: 3 },
  { do: "group", which: 2, mode: "limited", limit: 4000, overage: 0, devices: null },
  { do: "move", which: 1, to: 1 },
];

interface World {
  readonly service: TestService;
  readonly organization: TestOrganization;
  readonly groups: readonly string[];
  readonly users: readonly string[];
  readonly machines: readonly TestMachine[];
}

async function makeWorld(): Promise<World> {
  const service = await startTestService();
  const organization = await makeOrganization(service);
  const { token } = organization.admin;
  const groups = [organization.group];
  while (groups.length < GROUPS) {
    const { json } = await service.call("createGroup", { token, body: { name: `G${groups.length}` } });
    groups.push(json.id);
  }
  const [users, machines]: [string[], TestMachine[]] = [[], []];
  while (users.length < USERS) {
    const user = await makeUser(service, token, { email: `u${users.length}@acme.example`, desktopDevices: 1 });
    const machine = await addMachine(service, user, { name: `m${users.length}` });
    users.push(user.id);
    machines.push(machine);
  }
  const world = { service, organization, groups, users, machines };
  for (const each of BEGINNING) for (const { status } of await take(world, each)) expect(status).toBe(200);
  return world;
}

async function take(world: World, each: Step): Promise<readonly Answered[]> {
  const { service, organization, groups, users, machines } = world;
  const { token } = organization.admin;
  const at = <Item>(items: readonly Item[], index: number): Item => items[index % items.length] as Item;
  const user = (index: number) => ({ token, params: { user: at(users, index) } });
  switch (each.do) {
    case "organization": {
      const pools = [
        { kind: "all", limitBytes: each.limit, overageBytes: each.overage },
        { kind: "desktop", devices: each.devices },
      ];
      const params = { organization: organization.id };
      return [await service.call("changeOrganization", { token: organization.owner.token, params, body: { pools } })];
    }
    case "group": {
      const { mode, overage: overageBytes, devices } = each;
      const room = mode === "limited" || mode === "assigned" ? { mode, limitBytes: each.limit } : { mode };
      const pools = [
        { kind: "all", overageBytes, ...room },
        { kind: "desktop", devices },
      ];
      return [await service.call("changeGroup", { token, params: { group: at(groups, each.which) }, body: { pools } })];
    }
    case "user": {
      const body = { limitBytes: each.limit, overageBytes: each.overage, desktopDevices: each.devices };
      return [await service.call("changeUser", { ...user(each.which), body })];
    }
    case "machine": {
      const params = { machine: at(machines, each.which).id };
      return [await service.call("changeMachine", { token, params, body: { limitBytes: each.limit } })];
    }
    case "move":
      return [await service.call("changeUser", { ...user(each.which), body: { group: at(groups, each.to) } })];
    case "delete":
      return [await service.call("deleteUser", user(each.which))];
    case "undelete":
      return [await service.call("undeleteUser", user(each.which))];
    case "upload": {
      const chosen = each.packs.map(({ which, length }) => ({ machine: at(machines, which), length }));
      const open = new Set<TestMachine>();
      for (const machine of new Set(chosen.map(({ machine }) => machine)))
        if ((await machine.open()).status === 200) open.add(machine);
      return await Promise.all(
        chosen
          .filter(({ machine }) => open.has(machine))
          .map(({ machine, length }) => machine.put(makePack(machine.vault.id, [{ length }]))),
      );
    }
  }
}

/** All rules of the tree, from the rows themselves. `before`: what was used by whom after the step before. */
async function checkTree({ service, organization: { id } }: World, before: Map<string, number>): Promise<void> {
  const { records } = service.service.domain;
  expect(await records.quota.listReservations()).toEqual([]);
  const top = await records.pools.find(id, "all");
  const rooms = await records.tree.listRooms(id, "all");
  const accounts = (await records.accounts.list({ limit: 99 }, { organization: id, role: "user" })).filter(
    ({ state }) => state !== "deleted",
  );
  const machines = await records.machines.list({ limit: 99 }, { organization: id });
  const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);
  const hard = (room: { limitBytes: number | null; overageBytes: number | null }) =>
    room.limitBytes === null || room.overageBytes === null
      ? Number.POSITIVE_INFINITY
      : room.limitBytes + room.overageBytes;
  const noMore = (limitBytes: number | null) => limitBytes ?? Number.POSITIVE_INFINITY;

  // What is used is the same seen from everywhere.
  for (const { id: account, usedBytes } of accounts)
    expect(usedBytes).toBe(sum(machines.filter((each) => each.account === account).map((each) => each.usedBytes)));
  for (const { group, usedBytes } of rooms)
    expect(usedBytes).toBe(sum(machines.filter((each) => each.userGroup === group).map((each) => each.usedBytes)));
  expect(top?.usedBytes).toBe(sum(machines.map((each) => each.usedBytes)));

  // A limit below a limit is no larger; what is Assigned and what the rest uses fit above.
  const assigned = rooms.filter((room) => room.mode === "assigned");
  const shared = noMore(top?.limitBytes ?? null) - sum(assigned.map(({ limitBytes }) => limitBytes ?? 0));
  expect(shared).toBeGreaterThanOrEqual(0);
  for (const room of rooms) {
    const above = room.mode === "none" ? 0 : room.mode === "shared" ? shared : noMore(room.limitBytes);
    if (room.mode === "limited") expect(above).toBeLessThanOrEqual(shared);
    for (const user of accounts.filter(({ userGroup }) => userGroup === room.group)) {
      if (user.limitBytes !== null) expect(user.limitBytes).toBeLessThanOrEqual(above);
      for (const machine of machines.filter(({ account }) => account === user.id))
        if (machine.limitBytes !== null)
          expect(machine.limitBytes).toBeLessThanOrEqual(Math.min(above, noMore(user.limitBytes)));
    }
  }

  // Nothing gets beyond a hard limit; what was there when a soft one became hard stays.
  const within = (holder: string, used: number, most: number) => {
    expect(used).toBeLessThanOrEqual(Math.max(most, before.get(holder) ?? 0));
    before.set(holder, used);
  };
  for (const machine of machines) within(machine.id, machine.usedBytes, noMore(machine.limitBytes));
  for (const user of accounts) within(user.id, user.usedBytes, hard(user));
  for (const room of rooms)
    within(
      room.group,
      room.usedBytes,
      room.mode === "none" ? 0 : room.mode === "shared" ? Number.POSITIVE_INFINITY : hard(room),
    );
  if (top !== undefined) within(id, top.usedBytes, hard(top));
  const heldBytes = rooms.map(({ mode, limitBytes, usedBytes }) =>
    mode === "assigned" ? Math.max(limitBytes ?? 0, usedBytes) : usedBytes,
  );
  if (top !== undefined) within("all that is used or Assigned", sum(heldBytes), hard(top));

  // Licences: machines ≤ user, users ≤ group, groups and the others' users ≤ organization.
  const licences = await records.tree.listLicences(id, "desktop");
  for (const user of accounts)
    expect((await records.machines.countDevices(user.id)).desktop).toBeLessThanOrEqual(user.desktopDevices);
  for (const { devices: own, handed } of licences) if (own !== null) expect(handed).toBeLessThanOrEqual(own);
  const all = (await records.pools.find(id, "desktop"))?.devices ?? null;
  if (all !== null) expect(sum(licences.map(({ devices: own, handed }) => own ?? handed))).toBeLessThanOrEqual(all);
}

test("whatever is changed, moved, deleted or stored, limits hold what is below them and nothing exceeds a hard one", async () => {
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 60, maxLength: 60 }), async (steps) => {
      const world = await makeWorld();
      const before = new Map<string, number>();
      for (const each of steps) {
        for (const { status, code } of await take(world, each)) {
          expect(status, code).toBeLessThan(500);
          seen.add(`${each.do} ${status < 400 ? "done" : code}`);
        }
        await checkTree(world, before);
      }
    }),
    { numRuns: 6, endOnFailure: true },
  );
  for (const kind of ["organization", "group", "user", "machine", "move", "delete", "upload"])
    expect([...seen]).toContain(`${kind} done`);
}, 120_000);
