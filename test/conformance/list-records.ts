/** What every engine must keep of its promises about lists: whatever was written before, a list is what a plain sort and filter gives. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MACHINE_SORTS, USER_SORTS } from "../../protocol/messages/lists.ts";
import type {
  ListAsk,
  ListFilter,
  ListFound,
  MachineListFilter,
  UserListFilter,
} from "../../server-mock/records/lists.ts";
import type { Records } from "../../server-mock/records/records.ts";
import type { AccountRow, GroupRow, MachineRow } from "../../server-mock/records/rows.ts";
import type { MakeRecords } from "../support/each-engine.ts";
import { accountRow, groupRow, machineRow, organizationRow, poolRows } from "../support/rows.ts";

const GROUPS = ["g1", "g2", "g3"] as const; // The last is of o2.
const organizationOf = (group: string) => (group === "g3" ? "o2" : "o1");
const NAMES = ["Zoe", "adam", "Ärger", "a_b", "100%", "zoe", "back\\slash", "mid zoe end", "=cmd", "e\u0301"];

const small = fc.integer({ min: 0, max: 5 });
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const flag = fc.constantFrom(0, 1);
const USER = fc.record({
  userGroup: fc.constantFrom(...GROUPS),
  name: fc.constantFrom(...NAMES),
  externalId: maybe(fc.constantFrom("E1", "e2", "Zoe")),
  kind: fc.constantFrom(null, "desktop" as const, "server" as const),
  state: fc.constantFrom("inactive", "active", "suspended", "canceled", "deleted") as fc.Arbitrary<"active">,
  limitBytes: maybe(small),
  usedBytes: small,
  sync: flag as fc.Arbitrary<0 | 1>,
  machineCount: small,
  createdAt: small,
  lastBackupAt: maybe(small.map((at) => at + 1)),
});
const MACHINE = fc.record({
  name: fc.constantFrom(...NAMES),
  externalId: maybe(fc.constantFrom("E1", "e2", "Zoe")),
  kind: fc.constantFrom("desktop" as const, "server" as const),
  state: fc.constantFrom("active" as const, "suspended" as const),
  deletedAt: maybe(fc.constant(9)),
  usedBytes: small,
  createdAt: small,
  lastUpdateAt: maybe(small.map((at) => at + 1)),
  lastFailureAt: maybe(small.map((at) => at + 1)),
});
/** Mostly absent: with everything at once most lists would be empty. */
const rarely = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });
const statesOf = <State>(all: readonly State[]): fc.Arbitrary<readonly State[]> =>
  fc.oneof({ weight: 3, arbitrary: fc.constant([...all]) }, { weight: 1, arbitrary: fc.subarray([...all]) });
const SCOPE = fc.constantFrom(
  {},
  {},
  { organization: "o1" },
  { organization: "o2" },
  { organization: "o1", groups: ["g2"] },
  { organization: "o1", groups: [] },
  { organization: "o1", account: "u0" },
);
const SEARCH = fc.record({
  text: fc.constantFrom("ZOE", "e1", "%", "_", "\\", "är", "u1@example.com", "none"),
  isExact: fc.boolean(),
});
const FILTER = {
  scope: SCOPE,
  group: rarely(fc.constantFrom(...GROUPS)),
  kind: rarely(fc.constantFrom("desktop" as const, "server" as const)),
  backedUp: rarely(fc.constantFrom("never" as const, { since: 3 }, { before: 3 })),
  search: rarely(SEARCH),
};
const ASK = {
  isDescending: fc.boolean(),
  limit: fc.integer({ min: 1, max: 7 }),
  few: fc.constantFrom(0, 2, undefined),
};

export function listsConformance(engine: string, make: MakeRecords): void {
  describe(`${engine}: lists`, () => {
    test("users: any sort, filter and page size gives what a plain sort and filter gives", async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(USER, { minLength: 4, maxLength: 14 }),
          fc.array(fc.tuple(fc.nat({ max: 13 }), USER), { maxLength: 6 }),
          fc.array(
            fc.record({
              ...ASK,
              sort: fc.constantFrom(...USER_SORTS),
              filter: fc.record({
                ...FILTER,
                states: statesOf(["active", "inactive", "suspended", "canceled", "deleted"] as const),
              }),
            }),
            { minLength: 12, maxLength: 12 },
          ),
          async (users, changes, asks) => {
            const records = await withGroups(await make());
            const rows = new Map<string, AccountRow>();
            await records.transaction(async (stores) => {
              for (const [at, user] of users.entries()) {
                const row = accountRow(`u${at}`, { ...user, organization: organizationOf(user.userGroup) });
                rows.set(row.id, row);
                await stores.accounts.insert(row);
              }
            });
            for (const [at, { usedBytes: _, ...change }] of changes) {
              const row = rows.get(`u${at}`);
              if (row === undefined) continue;
              const columns = { ...change, organization: organizationOf(change.userGroup) };
              await records.accounts.change(row.id, columns);
              rows.set(row.id, { ...row, ...columns });
            }
            await expectLists(asks, (ask) => records.lists.users(ask), plainUsers([...rows.values()]));
            await records.close();
          },
        ),
        { numRuns: RUNS },
      );
    });

    test("machines: any sort, filter and page size gives what a plain sort and filter gives, after moves and new names", async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.tuple(fc.nat({ max: 3 }), MACHINE), { minLength: 6, maxLength: 14 }),
          fc.array(fc.tuple(fc.nat({ max: 13 }), fc.nat({ max: 3 }), MACHINE), { maxLength: 6 }),
          fc.array(
            fc.record({
              ...ASK,
              sort: fc.constantFrom(...MACHINE_SORTS),
              filter: fc.record({
                ...FILTER,
                states: statesOf(["active", "suspended", "deleted"] as const),
                user: rarely(fc.constant("u1")),
                isFailing: rarely(fc.constant(true)),
                overdue: rarely(fc.constant({ otherwise: 3, byGroup: [{ at: 5, groups: ["g2"] }] })),
              }),
            }),
            { minLength: 12, maxLength: 12 },
          ),
          async (machines, changes, asks) => {
            const records = await withGroups(await make());
            const groups = new Map((await records.groups.list({ limit: 9 }, {})).map((row) => [row.id, row]));
            const users = new Map<string, AccountRow>();
            for (const at of [0, 1, 2, 3]) {
              const userGroup = GROUPS[at % 3] ?? "g1";
              const row = accountRow(`u${at}`, { userGroup, organization: organizationOf(userGroup) });
              users.set(row.id, row);
              await records.accounts.insert(row);
            }
            const rows = new Map<string, MachineRow>();
            const placed = (user: number) => {
              const { id: account, organization, userGroup } = users.get(`u${user}`) ?? accountRow("");
              return { account, organization: organization ?? "", userGroup: userGroup ?? "" };
            };
            await records.transaction(async (stores) => {
              for (const [at, [user, machine]] of machines.entries()) {
                const row = machineRow(`m${at}`, { ...machine, ...placed(user) });
                rows.set(row.id, row);
                await stores.machines.insert(row);
              }
            });
            for (const [at, user, { usedBytes: _, ...change }] of changes) {
              const row = rows.get(`m${at}`);
              if (row === undefined) continue;
              const columns = { ...change, ...placed(user) };
              await records.machines.change(row.id, columns);
              rows.set(row.id, { ...row, ...columns });
            }
            // New names reach the machines of users and groups; a user takes its machines along.
            await records.accounts.change("u2", { login: "aa@example.com" });
            users.set("u2", { ...(users.get("u2") ?? accountRow("u2")), login: "aa@example.com" });
            await records.groups.change("g2", { name: "Zzz", isDefault: 0 });
            groups.set("g2", groupRow("g2", "o1", { name: "Zzz" }));
            await records.tree.moveUser("u0", "g2");
            for (const row of rows.values()) if (row.account === "u0") rows.set(row.id, { ...row, userGroup: "g2" });
            const plain = plainMachines([...rows.values()], (id) => users.get(id)?.login ?? "", groups);
            await expectLists(asks, (ask) => records.lists.machines(ask), plain);
            await records.close();
          },
        ),
        { numRuns: RUNS },
      );
    });

    test("a list of more than 10,000 rows says that there are more than 10,000", async () => {
      const records = await withGroups(await make());
      await records.transaction(async (stores) => {
        for (let at = 0; at <= 10_001; at++)
          await stores.accounts.insert(accountRow(`u${at}`, { userGroup: at % 2 === 0 ? "g1" : "g2" }));
      });
      const count = async (filter: Partial<UserListFilter>, few?: number) => {
        const asked = { scope: {}, states: ["active"] as const, ...filter };
        return (await records.lists.users({ sort: "name", isDescending: false, limit: 1, filter: asked, few })).count;
      };
      expect(await count({})).toBe(10_001);
      for (const few of [0, undefined]) expect(await count({ group: "g1" }, few)).toBe(5001);
    });
  });
}

const RUNS = 12;

async function withGroups(records: Records): Promise<Records> {
  for (const organization of ["o1", "o2"]) {
    await records.organizations.insert(organizationRow(organization));
    await records.pools.insert(poolRows(organization, organization));
  }
  for (const [at, group] of GROUPS.entries())
    await records.groups.insert(
      groupRow(group, organizationOf(group), { name: NAMES[at] ?? "", isDefault: group === "g2" ? 1 : 0 }),
    );
  return records;
}

/** Follows the cursors to the end. */
async function expectLists<Sort, Filter, Row extends { id: string }>(
  asks: readonly ListAsk<Sort, Filter>[],
  list: (ask: ListAsk<Sort, Filter>) => Promise<ListFound<Row>>,
  plain: (ask: ListAsk<Sort, Filter>) => string[],
): Promise<void> {
  for (const ask of asks) {
    const ids: string[] = [];
    let found = await list(ask);
    const { count } = found;
    for (;;) {
      ids.push(...found.rows.map(({ id }) => id));
      if (found.next === undefined) break;
      expect(found.rows).toHaveLength(ask.limit);
      found = await list({ ...ask, after: found.next });
    }
    expect(ids, JSON.stringify(ask)).toEqual(plain(ask));
    expect(count).toBe(ids.length);
  }
}

type Key = string | number;

/** By key, equal ones by id; text byte by byte. */
function plainly<Row extends { id: string }>(
  rows: readonly Row[],
  keyOf: (row: Row) => Key,
  isDescending: boolean,
): string[] {
  const sorted = rows.toSorted((a, b) => compare(keyOf(a), keyOf(b)) || compare(a.id, b.id)).map(({ id }) => id);
  return isDescending ? sorted.reverse() : sorted;
}

const compare = (a: Key, b: Key): number =>
  typeof a === "number" || typeof b === "number"
    ? Number(a) - Number(b)
    : Buffer.compare(Buffer.from(a), Buffer.from(b));

const low = (text: string | null) => (text ?? "").toLowerCase();

const groupKey = (group: Pick<GroupRow, "name" | "isDefault"> | undefined) =>
  group?.isDefault === 1 ? "(default user group)" : low(group?.name ?? "");

function isFound<Row extends { id: string; organization: string | null; userGroup: string | null }>(
  row: Row,
  { scope, group, search, backedUp }: ListFilter<unknown>,
  of: { account: string; lastAt: number | null; texts: readonly string[] },
): boolean {
  const isSought =
    search === undefined ||
    of.texts.some((text) => (search.isExact ? text === low(search.text) : text.includes(low(search.text))));
  const isRecent =
    backedUp === undefined ||
    (backedUp === "never"
      ? of.lastAt === null
      : of.lastAt !== null && ("since" in backedUp ? of.lastAt >= backedUp.since : of.lastAt < backedUp.before));
  return (
    isSought &&
    isRecent &&
    (scope.organization === undefined || scope.organization === row.organization) &&
    (scope.groups === undefined || scope.groups.includes(row.userGroup ?? "")) &&
    (scope.account === undefined || scope.account === of.account) &&
    (group === undefined || group === row.userGroup)
  );
}

function plainUsers(users: readonly AccountRow[]) {
  const keys: Record<(typeof USER_SORTS)[number], (row: AccountRow) => Key> = {
    "external-id": ({ externalId }) => low(externalId),
    user: ({ login }) => login,
    name: ({ name }) => low(name),
    group: ({ userGroup }) =>
      groupKey({ name: NAMES[GROUPS.indexOf(userGroup as "g1")] ?? "", isDefault: userGroup === "g2" ? 1 : 0 }),
    sync: ({ sync }) => sync,
    machines: ({ machineCount }) => machineCount,
    storage: ({ limitBytes }) => limitBytes ?? Number.MAX_SAFE_INTEGER,
    "storage-used": ({ usedBytes }) => usedBytes,
    created: ({ createdAt }) => createdAt,
    "backed-up": ({ lastBackupAt }) => lastBackupAt ?? 0,
  };
  return ({ sort, isDescending, filter }: ListAsk<(typeof USER_SORTS)[number], UserListFilter>): string[] => {
    const found = users.filter(
      (row) =>
        (filter.states as readonly string[]).includes(row.state) &&
        (filter.kind === undefined || filter.kind === row.kind) &&
        isFound(row, filter, {
          account: row.id,
          lastAt: row.lastBackupAt,
          texts: [row.login, low(row.name), low(row.externalId)],
        }),
    );
    return plainly(found, keys[sort], sort === "backed-up" ? !isDescending : isDescending);
  };
}

function plainMachines(
  machines: readonly MachineRow[],
  loginOf: (account: string) => string,
  groups: ReadonlyMap<string, GroupRow>,
) {
  const keys: Record<(typeof MACHINE_SORTS)[number], (row: MachineRow) => Key> = {
    "external-id": ({ externalId }) => low(externalId),
    machine: ({ name }) => low(name),
    user: ({ account }) => loginOf(account),
    group: ({ userGroup }) => groupKey(groups.get(userGroup)),
    "storage-used": ({ usedBytes }) => usedBytes,
    created: ({ createdAt }) => createdAt,
    "last-update": ({ lastUpdateAt }) => lastUpdateAt ?? 0,
    "backed-up": ({ lastUpdateAt }) => lastUpdateAt ?? 0,
  };
  const stateOf = (row: MachineRow) => (row.deletedAt === null ? row.state : "deleted");
  return ({ sort, isDescending, filter }: ListAsk<(typeof MACHINE_SORTS)[number], MachineListFilter>): string[] => {
    const { overdue } = filter;
    const found = machines.filter(
      (row) =>
        filter.states.includes(stateOf(row)) &&
        (filter.kind === undefined || filter.kind === row.kind) &&
        (filter.user === undefined || filter.user === row.account) &&
        (!filter.isFailing || (row.lastFailureAt ?? 0) > (row.lastUpdateAt ?? 0)) &&
        (overdue === undefined ||
          (row.lastUpdateAt ?? row.createdAt) <
            (overdue.byGroup.find((each) => each.groups.includes(row.userGroup))?.at ?? overdue.otherwise)) &&
        isFound(row, filter, {
          account: row.account,
          lastAt: row.lastUpdateAt,
          texts: [low(row.name), loginOf(row.account), low(row.externalId)],
        }),
    );
    return plainly(found, keys[sort], sort === "backed-up" ? !isDescending : isDescending);
  };
}
