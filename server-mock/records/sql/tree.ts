/** Everything below an organization at once: rooms, licences, counts; and what goes or moves as a whole. */
import type { DeviceKind } from "../rows.ts";
import type { ResetRequests, Tree } from "../tree.ts";
import type { Sql } from "./database.ts";
import { refreshMachines, refreshUsers } from "./list-keys.ts";
import { byKind, within } from "./scope.ts";

export const sqlTree = (sql: Sql): Tree => ({
  async listRooms(organization, kind) {
    const pools = await sql
      .selectFrom("pools")
      .select(["holder", "mode", "limitBytes", "overageBytes", "usedBytes"])
      .where("organization", "=", organization)
      .where("holder", "!=", organization)
      .where("kind", "=", kind)
      .orderBy("holder")
      .execute();
    const limits = await sql
      .selectFrom("accounts")
      .select((eb) => ["userGroup", eb.fn.max("limitBytes").as("limit")])
      .where("organization", "=", organization)
      .where("state", "!=", "deleted")
      .$if(kind !== "all", (query) => query.where("kind", "=", kind === "server" ? "server" : "desktop"))
      .groupBy("userGroup")
      .execute();
    const machines = await sql
      .selectFrom("machines")
      .select((eb) => ["userGroup", eb.fn.max("limitBytes").as("limit")])
      .where("organization", "=", organization)
      .where("limitBytes", "is not", null)
      .where("deletedAt", "is", null)
      .$if(kind !== "all", (query) => query.where("kind", "=", kind === "server" ? "server" : "desktop"))
      .groupBy("userGroup")
      .execute();
    const promised = await sql
      .selectFrom("reservations")
      .select((eb) => ["userGroup", eb.fn.sum<number>("bytes").as("bytes")])
      .where("organization", "=", organization)
      .$if(kind !== "all", (query) => query.where("kind", "=", kind === "server" ? "server" : "desktop"))
      .groupBy("userGroup")
      .execute();
    const largest = new Map<string | null, number>();
    for (const { userGroup, limit } of [...limits, ...machines])
      largest.set(userGroup, Math.max(largest.get(userGroup) ?? 0, Number(limit ?? 0)));
    const onTheirWay = new Map(promised.map(({ userGroup, bytes }) => [userGroup, Number(bytes)]));
    return pools.map(({ holder: group, ...pool }) => ({
      group,
      ...pool,
      heldBytes: pool.usedBytes + (onTheirWay.get(group) ?? 0),
      largestLimit: largest.get(group) ?? 0,
    }));
  },
  async listLicences(organization, kind) {
    const pools = await sql
      .selectFrom("pools")
      .select(["holder", "devices"])
      .where("organization", "=", organization)
      .where("holder", "!=", organization)
      .where("kind", "=", kind)
      .orderBy("holder")
      .execute();
    const handed = await sql
      .selectFrom("accounts")
      .select((eb) => [
        "userGroup",
        eb.fn.sum<number>(kind === "server" ? "serverDevices" : "desktopDevices").as("devices"),
      ])
      .where("organization", "=", organization)
      .where("state", "!=", "deleted")
      .groupBy("userGroup")
      .execute();
    const byGroup = new Map(handed.map(({ userGroup, devices }) => [userGroup, Number(devices ?? 0)]));
    return pools.map(({ holder: group, devices }) => ({ group, devices, handed: byGroup.get(group) ?? 0 }));
  },
  async sumPromised(account) {
    const summed = await sql
      .selectFrom("reservations")
      .select((eb) => ["kind", eb.fn.sum<number>("bytes").as("count")])
      .where("account", "=", account)
      .groupBy("kind")
      .execute();
    return byKind(summed);
  },
  async countMachines(of) {
    const counted = await sql
      .selectFrom("machines")
      .select((eb) => ["kind", "virtual", eb.fn.countAll<number>().as("count")])
      .where("deletedAt", "is", null)
      .$call((query) => {
        if ("account" in of) return query.where("account", "=", of.account);
        if ("userGroup" in of) return query.where("userGroup", "=", of.userGroup);
        return query.where("organization", "=", of.organization);
      })
      .groupBy(["kind", "virtual"])
      .execute();
    const count = (kind: DeviceKind, virtual: number) =>
      Number(counted.find((each) => each.kind === kind && each.virtual === virtual)?.count ?? 0);
    return {
      desktop: { real: count("desktop", 0), virtual: count("desktop", 1) },
      server: { real: count("server", 0), virtual: count("server", 1) },
    };
  },
  async moveUser(account, to) {
    await sql.updateTable("accounts").set({ userGroup: to }).where("id", "=", account).execute();
    await sql.updateTable("machines").set({ userGroup: to }).where("account", "=", account).execute();
    await sql.updateTable("productKeys").set({ userGroup: to }).where("account", "=", account).execute();
    await sql.updateTable("reservations").set({ userGroup: to }).where("account", "=", account).execute();
    await refreshUsers(sql, { id: account });
    await refreshMachines(sql, { account });
  },
  listAccounts: ({ limit, after }, scope) =>
    sql
      .selectFrom("accounts")
      .selectAll()
      .where("role", "in", ["admin", "user"])
      .where("userGroup", "is not", null)
      .where("state", "not in", ["deleted", "purged"])
      .where(within(scope, { organization: "organization", group: "userGroup", account: "id" }))
      .$if(after !== undefined, (query) => query.where("id", "<", after ?? ""))
      .orderBy("id", "desc")
      .limit(limit)
      .execute(),
  listDeletedUsers: ({ limit, after }) =>
    sql
      .selectFrom("accounts")
      .selectAll()
      .where("state", "=", "deleted")
      .where("role", "=", "user")
      .$if(after !== undefined, (query) => query.where("id", ">", after ?? ""))
      .orderBy("id")
      .limit(limit)
      .execute(),
  async countUsers(group) {
    const { count } = await sql
      .selectFrom("accounts")
      .select((eb) => eb.fn.countAll<number>().as("count"))
      .where("userGroup", "=", group)
      .where("state", "!=", "deleted")
      .executeTakeFirstOrThrow();
    return Number(count);
  },
  async countContents(organization) {
    const users = await sql
      .selectFrom("accounts")
      .select((eb) => eb.fn.countAll<number>().as("count"))
      .where("organization", "=", organization)
      .where("role", "=", "user")
      .where("state", "!=", "purged")
      .executeTakeFirstOrThrow();
    const machines = await sql
      .selectFrom("machines")
      .select((eb) => eb.fn.countAll<number>().as("count"))
      .where("organization", "=", organization)
      .where("purgedAt", "is", null)
      .executeTakeFirstOrThrow();
    return [Number(users.count), Number(machines.count)];
  },
  async countAccounts(organization) {
    const { count } = await sql
      .selectFrom("accounts")
      .select((eb) => eb.fn.countAll<number>().as("count"))
      .where("organization", "=", organization)
      .where("state", "!=", "purged")
      .executeTakeFirstOrThrow();
    return Number(count);
  },
  async countGroups(organization) {
    const { count } = await sql
      .selectFrom("userGroups")
      .select((eb) => eb.fn.countAll<number>().as("count"))
      .where("organization", "=", organization)
      .executeTakeFirstOrThrow();
    return Number(count);
  },
  async purgeAccount(id, at) {
    for (const table of OF_ACCOUNT) await sql.deleteFrom(table).where("account", "=", id).execute();
    await sql.deleteFrom("schedules").where("madeBy", "=", id).execute();
    await sql
      .updateTable("accounts")
      .set({ ...NOBODY, login: `purged/${id}`, stateAt: at })
      .where("id", "=", id)
      .execute();
    await refreshUsers(sql, { id });
    await refreshMachines(sql, { account: id });
  },
  async removeGroup(id) {
    await sql.deleteFrom("pools").where("holder", "=", id).execute();
    await sql.deleteFrom("userGroups").where("id", "=", id).execute();
  },
  async purgeOrganization(id, at) {
    const webhooks = sql.selectFrom("webhooks").select("id").where("organization", "=", id);
    await sql.deleteFrom("deliveries").where("webhook", "in", webhooks).execute();
    for (const table of OF_ORGANIZATION) await sql.deleteFrom(table).where("organization", "=", id).execute();
    const accounts = await sql.selectFrom("accounts").select("id").where("organization", "=", id).execute();
    for (const account of accounts) await this.purgeAccount(account.id, at);
    await sql
      .updateTable("organizations")
      .set({ name: `purged/${id}`, subdomain: null, state: "deleted" })
      .where("id", "=", id)
      .execute();
  },
});

/** What is left of a purged account. */
const NOBODY = {
  state: "purged",
  email: "",
  name: "",
  listName: "",
  listExternal: "",
  firstName: null,
  lastName: null,
  externalId: null,
  password: null,
  totp: null,
  userGroup: null,
  roleId: null,
  limitBytes: null,
  desktopDevices: 0,
  serverDevices: 0,
  deviceQuotas: "{}",
  createdFrom: null,
} as const;

/** Tables whose rows are an account's own. A test compares them with the tables there are. */
export const OF_ACCOUNT = ["links", "tokens", "productKeys"] as const;

/** As above, by `organization`. */
export const OF_ORGANIZATION = [
  "schedules",
  "policies",
  "webhooks",
  "alerts",
  "roles",
  "productKeys",
  "recoveryCertificates",
] as const;

export const sqlResetRequests = (sql: Sql): ResetRequests => ({
  async insert(row) {
    await sql.insertInto("resetRequests").values(row).execute();
  },
  async count() {
    const { count } = await sql
      .selectFrom("resetRequests")
      .select((eb) => eb.fn.countAll<number>().as("count"))
      .executeTakeFirstOrThrow();
    return Number(count);
  },
  list: (limit) => sql.selectFrom("resetRequests").selectAll().orderBy("id").limit(limit).execute(),
  async take(id) {
    const taken = await sql.deleteFrom("resetRequests").where("id", "=", id).returning("id").executeTakeFirst();
    return taken !== undefined;
  },
});
