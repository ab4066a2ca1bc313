/** Rows of reports. */
import type { PageOf, Scope } from "../records.ts";
import type { MachineFilter, ReportedGroup, ReportedMachine, Reports, UserFilter } from "../reports.ts";
import type { Sql } from "./database.ts";
import { within } from "./scope.ts";

export const sqlReports = (sql: Sql): Reports => ({
  listMachines: (page, filter) => listMachines(sql, page, filter),
  listUsers: (page, filter) => listUsers(sql, page, filter),
  listGroups: (page, scope) => listGroups(sql, page, scope),
  listKeys: ({ limit, after }, scope) =>
    sql
      .selectFrom("productKeys as k")
      .innerJoin("userGroups as g", "g.id", "k.userGroup")
      .leftJoin("accounts as a", "a.id", "k.account")
      .leftJoin("machines as m", "m.id", "k.machine")
      .select(["k.id", "k.lastGroup", "k.kind", "k.revokedAt", "k.suspendedAt", "k.activatedAt", "k.createdAt"])
      .select(["g.name as groupName", "a.login", "m.name as machineName"])
      .where(within(scope, { organization: "k.organization", group: "k.userGroup", account: "k.account" }))
      .$if(after !== undefined, (query) => query.where("k.id", ">", after ?? ""))
      .orderBy("k.id")
      .limit(limit)
      .execute(),
  async countRuns(scope, fromId) {
    const counted = await sql
      .selectFrom("backups as b")
      .innerJoin("machines as m", "m.id", "b.machine")
      .select((eb) => ["b.state", eb.fn.countAll<number>().as("count")])
      .where("b.id", ">=", fromId)
      .where(within(scope, { organization: "m.organization", group: "m.userGroup", account: "m.account" }))
      .groupBy("b.state")
      .execute();
    return Object.fromEntries(counted.map(({ state, count }) => [state, Number(count)]));
  },
});

async function listMachines(sql: Sql, { limit, after }: PageOf, filter: MachineFilter): Promise<ReportedMachine[]> {
  const { scope, overdueBefore = 0, usedPercent = 0, createdSince = 0 } = filter;
  const rows = await sql
    .selectFrom("machines as m")
    .innerJoin("organizations as o", "o.id", "m.organization")
    .innerJoin("userGroups as g", "g.id", "m.userGroup")
    .innerJoin("accounts as a", "a.id", "m.account")
    .select(["m.id", "m.externalId", "m.name", "m.kind", "m.agentVersion", "m.limitBytes", "m.usedBytes"])
    .select(["m.createdAt", "m.lastUpdateAt", "m.lastFailureAt", "m.lastFailureCode"])
    .select(["o.name as organizationName", "g.name as groupName", "a.login", "a.name as userName"])
    .select(["a.limitBytes as userLimitBytes", "a.usedBytes as userUsedBytes", "m.productKey as keyLastGroup"])
    .select((eb) =>
      eb
        .selectFrom("sessions as s")
        .select((inner) => inner.fn.countAll<number>().as("count"))
        .whereRef("s.machine", "=", "m.id")
        .where("s.state", "=", "open")
        .as("running"),
    )
    .where("m.deletedAt", "is", null)
    .where(within(scope, { organization: "m.organization", group: "m.userGroup", account: "m.account" }))
    .$if(filter.overdueBefore !== undefined, (query) =>
      query
        .where("m.createdAt", "<", overdueBefore)
        .where((eb) => eb.or([eb("m.lastUpdateAt", "is", null), eb("m.lastUpdateAt", "<", overdueBefore)])),
    )
    .$if(filter.usedPercent !== undefined, (query) =>
      query.where((eb) =>
        eb.or([
          eb(eb("m.usedBytes", "*", 100), ">=", eb("m.limitBytes", "*", usedPercent)),
          eb.and([
            eb("m.limitBytes", "is", null),
            eb(eb("a.usedBytes", "*", 100), ">=", eb("a.limitBytes", "*", usedPercent)),
          ]),
        ]),
      ),
    )
    .$if(filter.createdSince !== undefined, (query) => query.where("m.createdAt", ">=", createdSince))
    .$if(after !== undefined, (query) => query.where("m.id", ">", after ?? ""))
    .orderBy("m.id")
    .limit(limit)
    .execute();
  return rows.map((row) => ({ ...row, running: Number(row.running ?? 0) }));
}

const listUsers = (sql: Sql, { limit, after }: PageOf, filter: UserFilter) => {
  const { scope, createdSince = 0, overdueBefore = 0, usedPercent = 0 } = filter;
  return sql
    .selectFrom("accounts as a")
    .innerJoin("organizations as o", "o.id", "a.organization")
    .innerJoin("userGroups as g", "g.id", "a.userGroup")
    .select(["a.id", "a.externalId", "a.login", "a.name", "a.sync", "a.machineCount", "a.limitBytes", "a.usedBytes"])
    .select(["a.desktopDevices", "a.serverDevices", "a.createdAt", "a.lastBackupAt"])
    .select(["g.name as groupName", "g.isDefault as groupIsDefault", "o.name as organizationName"])
    .where("a.role", "=", "user")
    .where("a.state", "!=", "deleted")
    .where(within(scope, { organization: "a.organization", group: "a.userGroup", account: "a.id" }))
    .$if(filter.createdSince !== undefined, (query) => query.where("a.createdAt", ">=", createdSince))
    .$if(filter.overdueBefore !== undefined, (query) =>
      query
        .where("a.createdAt", "<", overdueBefore)
        .where((eb) => eb.or([eb("a.lastBackupAt", "is", null), eb("a.lastBackupAt", "<", overdueBefore)])),
    )
    .$if(filter.usedPercent !== undefined, (query) =>
      query.where((eb) => eb(eb("a.usedBytes", "*", 100), ">=", eb("a.limitBytes", "*", usedPercent))),
    )
    .$if(after !== undefined, (query) => query.where("a.id", ">", after ?? ""))
    .orderBy("a.id")
    .limit(limit)
    .execute();
};

async function listGroups(sql: Sql, { limit, after }: PageOf, scope: Scope): Promise<ReportedGroup[]> {
  const rows = await sql
    .selectFrom("userGroups as g")
    .innerJoin("pools as p", (join) => join.onRef("p.holder", "=", "g.id").on("p.kind", "=", "all"))
    .select(["g.id", "g.name", "g.isDefault", "g.externalId", "g.createdAt", "p.mode", "p.limitBytes", "p.usedBytes"])
    .select((eb) => [
      eb
        .selectFrom("accounts as a")
        .select((inner) => inner.fn.countAll<number>().as("count"))
        .whereRef("a.userGroup", "=", "g.id")
        .where("a.state", "!=", "deleted")
        .as("users"),
      eb
        .selectFrom("machines as m")
        .select((inner) => inner.fn.countAll<number>().as("count"))
        .whereRef("m.userGroup", "=", "g.id")
        .where("m.deletedAt", "is", null)
        .as("machines"),
    ])
    .where(
      within(
        { organization: scope.organization, groups: scope.groups },
        { organization: "g.organization", group: "g.id", account: "g.id" },
      ),
    )
    .$if(after !== undefined, (query) => query.where("g.id", ">", after ?? ""))
    .orderBy("g.id")
    .limit(limit)
    .execute();
  return rows.map((row) => ({ ...row, users: Number(row.users ?? 0), machines: Number(row.machines ?? 0) }));
}
