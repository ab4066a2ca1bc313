/** A service with many customers, as rows: one organization that has most of them, and many small ones. The same seed gives the same names. */
import { MACHINE_STATES, USER_STATES } from "../../server-mock/records/sql/list-keys.ts";
import { accountRow, groupRow, machineRow, organizationRow, poolRows } from "../../test/support/rows.ts";
import { type SeededRandom, seededRandom } from "../workloads/seeded-random.ts";

export type Row = Readonly<Record<string, unknown>>;

export interface PopulationOptions {
  readonly machines: number;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** As `domain/passwords.ts` writes it; of every account. */
  readonly password: string;
}

export interface Population {
  readonly small: readonly Readonly<{ table: string; rows: readonly Row[] }>[];
  readonly users: () => Generator<Row>;
  readonly machines: () => Generator<Row>;
  readonly facts: PopulationFacts;
  /** Who → account id. */
  readonly accounts: Readonly<Record<string, string>>;
}

export interface PopulationFacts {
  readonly largeGroup: string;
  readonly smallGroup: string;
  readonly user: string;
  readonly organizations: number;
  readonly users: number;
  readonly machines: number;
}

const SMALL_ORGANIZATIONS = 100;
const MACHINES_OF_USER = 5;
const GROUPS = 200;
const DAY_MS = 24 * 3_600_000;
const TOWNS = ["Aalen", "Berlin", "Cottbus", "Dresden", "Essen", "Fulda", "Gera", "Halle"] as const;
const NAMES = ["Zoe", "Adam", "Ärger", "Maria", "Jonas", "Paul", "Emil", "Lena", "Ida", "Karl"] as const;

export function population({ machines, now, password }: PopulationOptions): Population {
  const users = Math.ceil(machines / MACHINES_OF_USER);
  const organizations = ["large", ...Array.from({ length: SMALL_ORGANIZATIONS }, (_, at) => `small-${at}`)].map(idOf);
  const [large = ""] = organizations;
  const groups = Array.from({ length: GROUPS }, (_, at) => {
    const organization = at < GROUPS / 2 ? large : (organizations[1 + (at % SMALL_ORGANIZATIONS)] ?? large);
    const isDefault = at === 0 || at >= GROUPS / 2;
    const name = `${TOWNS[at % TOWNS.length]} ${at}`;
    return { ...groupRow(idOf(`group-${at}`), organization, { name, isDefault: isDefault ? 1 : 0 }), listName: "" };
  }).map((row) => ({ ...row, listName: row.isDefault === 1 ? "(default user group)" : row.name.toLowerCase() }));
  // Half of the large organization is in its default group, as people leave it.
  const groupOf = (user: number) => {
    const random = seededRandom("group", user);
    if (random.number() < 0.1) return groups[random.integer(GROUPS / 2, GROUPS - 1)] ?? groups[0];
    return random.number() < 0.5 ? groups[0] : groups[random.integer(1, GROUPS / 2 - 1)];
  };
  const roleId = idOf("role");
  const scoped = groups.slice(1, 4).map(({ id }) => id);
  const admins = [
    accountRow(idOf("owner"), { role: "owner", organization: null, login: "owner@bench.example", password }),
    accountRow(idOf("admin"), { role: "admin", organization: large, login: "admin@bench.example", password }),
    accountRow(idOf("group-admin"), {
      ...{ role: "admin", organization: large, login: "group-admin@bench.example", password, roleId },
    }),
  ].map((row) => ({ ...row, listName: row.name, listText: row.name, listState: -1 }));

  function userOf(at: number) {
    const random = seededRandom("user", at);
    const name = `${random.pick(NAMES)} ${random.pick(TOWNS)}`;
    const login = `${name.split(" ")[0]?.toLowerCase().replace("ä", "a")}.${at}@customer-${at % 977}.example`;
    const state = random.weighted({ active: 93, inactive: 3, suspended: 2, canceled: 1, deleted: 1 });
    return { id: idOf(`user-${at}`), name, login, state, group: groupOf(at), random };
  }

  function* allUsers(): Generator<Row> {
    for (let at = 0; at < users; at++) {
      const { id, name, login, state, group, random } = userOf(at);
      const externalId = random.number() < 0.5 ? `EMP-${at}` : null;
      const lastBackupAt = backedUpAt(random, now);
      const limitBytes = random.number() < 0.3 ? random.integer(1, 50) * 10_000_000_000 : null;
      const row = accountRow(id, {
        ...{ name, login, email: login, externalId, state, password, limitBytes, lastBackupAt },
        stateAt: now - DAY_MS,
        organization: group?.organization ?? "",
        userGroup: group?.id ?? "",
        kind: random.pick([null, "desktop", "server"]),
        sync: random.number() < 0.2 ? 1 : 0,
        machineCount: MACHINES_OF_USER,
        usedBytes: random.integer(0, 1e12),
        createdAt: now - Math.floor((1 - at / users) * 1000 * DAY_MS),
      });
      const listExternal = externalId?.toLowerCase() ?? "";
      yield {
        ...row,
        listName: name.toLowerCase(),
        listExternal,
        listGroup: group?.listName ?? "",
        listKind: row.kind ?? "",
        listState: USER_STATES[state],
        listBackedUp: lastBackupAt ?? 0,
        listLimit: limitBytes ?? Number.MAX_SAFE_INTEGER,
        listText: `${name.toLowerCase()}\n${login}\n${listExternal}`,
      };
    }
  }

  function* allMachines(): Generator<Row> {
    for (let at = 0; at < machines; at++) {
      const user = userOf(at % users);
      const random = seededRandom("machine", at);
      const name = `${random.pick(["PC", "SRV", "NB", "lab"])}-${random.integer(0, 999_999)}-${random.pick(TOWNS)}`;
      const externalId = random.number() < 0.25 ? `INV-${at}` : null;
      const createdAt = now - Math.floor((1 - at / machines) * 1000 * DAY_MS);
      // The newest have never been backed up: what is sorted and what is filtered go together, as they do in life.
      const lastUpdateAt = at > machines * 0.97 ? null : backedUpAt(random, now);
      const lastFailureAt = random.number() < 0.02 ? now : null;
      const isDeleted = random.number() < 0.01;
      const state = random.number() < 0.01 ? "suspended" : "active";
      const row = machineRow(idOf(`machine-${at}`).replaceAll("-", ""), {
        ...{ name, externalId, state, createdAt, lastUpdateAt, lastFailureAt },
        organization: user.group?.organization ?? "",
        account: user.id,
        userGroup: user.group?.id ?? "",
        os: "Debian 13",
        kind: random.number() < 0.15 ? "server" : "desktop",
        agentVersion: random.pick(["0.1.0", "0.2.0"]),
        deletedAt: isDeleted ? now - DAY_MS : null,
        usedBytes: random.integer(0, 2e11),
        lastSeenAt: lastUpdateAt,
        lastFailureCode: lastFailureAt === null ? null : "quota/exceeded",
      });
      const listExternal = externalId?.toLowerCase() ?? "";
      yield {
        ...row,
        listName: name.toLowerCase(),
        listExternal,
        listUser: user.login,
        listGroup: user.group?.listName ?? "",
        listState: isDeleted ? MACHINE_STATES.deleted : MACHINE_STATES[state],
        listBackedUp: lastUpdateAt ?? 0,
        listSince: lastUpdateAt ?? createdAt,
        listFailing: (lastFailureAt ?? 0) > (lastUpdateAt ?? 0) ? 1 : 0,
        listText: `${name.toLowerCase()}\n${user.login}\n${listExternal}`,
      };
    }
  }

  const holders = [
    ...organizations.map((id) => [id, id] as const),
    ...groups.map(({ id, organization }) => [id, organization] as const),
  ];
  const role = {
    ...{ id: roleId, organization: large, name: "Three groups", madeBy: null, version: 1, createdAt: now },
    capabilities: JSON.stringify(["users.view", "machines.view"]),
    scopeGroups: JSON.stringify(scoped),
  };
  return {
    small: [
      {
        table: "organizations",
        rows: organizations.map((id, at) => ({ ...organizationRow(id), name: `Customer ${at}` })),
      },
      { table: "userGroups", rows: groups },
      {
        table: "pools",
        rows: holders.flatMap(([holder, organization]) => poolRows(holder, organization)) as unknown as Row[],
      },
      { table: "roles", rows: [role] },
      { table: "accounts", rows: admins },
    ],
    users: allUsers,
    machines: allMachines,
    accounts: { owner: idOf("owner"), admin: idOf("admin"), "group-admin": idOf("group-admin") },
    facts: {
      largeGroup: groups[0]?.id ?? "",
      smallGroup: scoped[0] ?? "",
      user: userOf(0).id,
      organizations: organizations.length,
      users,
      machines,
    },
  };
}

/** Most within a day, some within a week, some long ago, some never. */
function backedUpAt(random: SeededRandom, now: number): number | null {
  const ago = random.weighted({ day: 70, week: 15, long: 10, never: 5 });
  switch (ago) {
    case "day":
      return now - random.integer(0, DAY_MS - 1);
    case "week":
      return now - random.integer(DAY_MS, 7 * DAY_MS - 1);
    case "long":
      return now - random.integer(7 * DAY_MS, 400 * DAY_MS);
    case "never":
      return null;
  }
}

/** A UUID by name. */
function idOf(name: string): string {
  const hex = seededRandom("id", name).bytes(16).toString("hex");
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, "$1-$2-7$3-8$4-$5");
}
