/** Machines, their vaults and the sessions that write to them. */
import type { Machines, Sessions, Vaults } from "../records.ts";
import type { Sql } from "./database.ts";
import { foldedText, refreshMachines, touchesMachineList } from "./list-keys.ts";
import { byKind, within } from "./scope.ts";

export const sqlMachines = (sql: Sql): Machines => ({
  async insert(row) {
    await sql
      .insertInto("machines")
      .values({ ...row, ...foldedText(row) })
      .execute();
    await refreshMachines(sql, { id: row.id });
  },
  find: (id) =>
    sql.selectFrom("machines").selectAll().where("id", "=", id).where("deletedAt", "is", null).executeTakeFirst(),
  findEvenDeleted: (id) => sql.selectFrom("machines").selectAll().where("id", "=", id).executeTakeFirst(),
  listByFingerprint: (account, fingerprint) =>
    sql
      .selectFrom("machines")
      .selectAll()
      .where("account", "=", account)
      .where("fingerprint", "=", fingerprint)
      .where("purgedAt", "is", null)
      .orderBy("id", "desc")
      .execute(),
  listOf: (account) =>
    sql
      .selectFrom("machines")
      .selectAll()
      .where("account", "=", account)
      .where("purgedAt", "is", null)
      .orderBy("id")
      .execute(),
  listDeleted: ({ before, limit, after }) =>
    sql
      .selectFrom("machines")
      .selectAll()
      .where("deletedAt", "<=", before)
      .where("purgedAt", "is", null)
      .$if(after !== undefined, (query) =>
        query.where((eb) =>
          eb.or([
            eb("deletedAt", ">", after?.deletedAt ?? 0),
            eb.and([eb("deletedAt", "=", after?.deletedAt ?? 0), eb("id", ">", after?.id ?? "")]),
          ]),
        ),
      )
      .orderBy("deletedAt")
      .orderBy("id")
      .limit(limit)
      .execute(),
  async countIn(organization) {
    const { count } = await sql
      .selectFrom("machines")
      .select((eb) => eb.fn.countAll<number>().as("count"))
      .where("organization", "=", organization)
      .where("deletedAt", "is", null)
      .executeTakeFirstOrThrow();
    return Number(count);
  },
  list: ({ limit, after }, scope, { kind } = {}) =>
    sql
      .selectFrom("machines")
      .selectAll()
      .where("deletedAt", "is", null)
      .$if(kind !== undefined, (query) => query.where("kind", "=", kind ?? "desktop"))
      .where(within(scope))
      .$if(after !== undefined, (query) => query.where("id", "<", after ?? ""))
      .orderBy("id", "desc")
      .limit(limit)
      .execute(),
  async countDevices(account) {
    const counted = await sql
      .selectFrom("machines")
      .select((eb) => ["kind", eb.fn.countAll<number>().as("count")])
      .where("account", "=", account)
      .where("deletedAt", "is", null)
      .groupBy("kind")
      .execute();
    return byKind(counted);
  },
  async sumUsed(account) {
    const summed = await sql
      .selectFrom("machines")
      .select((eb) => ["kind", eb.fn.sum<number>("usedBytes").as("count")])
      .where("account", "=", account)
      .where("deletedAt", "is", null)
      .groupBy("kind")
      .execute();
    return byKind(summed);
  },
  async largestLimit(account) {
    const { limit } = await sql
      .selectFrom("machines")
      .select((eb) => eb.fn.max("limitBytes").as("limit"))
      .where("account", "=", account)
      .where("deletedAt", "is", null)
      .executeTakeFirstOrThrow();
    return Number(limit ?? 0);
  },
  async change(id, columns) {
    await sql
      .updateTable("machines")
      .set({ ...columns, ...foldedText(columns) })
      .where("id", "=", id)
      .execute();
    if (touchesMachineList(columns)) await refreshMachines(sql, { id });
  },
});

export const sqlVaults = (sql: Sql): Vaults => ({
  async insert(row) {
    const { number } = await sql.insertInto("vaults").values(row).returning("number").executeTakeFirstOrThrow();
    return number;
  },
  find: (id) => sql.selectFrom("vaults").selectAll().where("id", "=", id).executeTakeFirst(),
  findByNumber: (number) => sql.selectFrom("vaults").selectAll().where("number", "=", number).executeTakeFirst(),
  findByMachine: (machine) => sql.selectFrom("vaults").selectAll().where("machine", "=", machine).executeTakeFirst(),
  async change(number, columns) {
    await sql.updateTable("vaults").set(columns).where("number", "=", number).execute();
  },
});

export const sqlSessions = (sql: Sql): Sessions => ({
  async insert(row) {
    await sql.insertInto("sessions").values(row).execute();
  },
  find: (id) => sql.selectFrom("sessions").selectAll().where("id", "=", id).executeTakeFirst(),
  findByKey: (vault, idempotencyKey) =>
    sql
      .selectFrom("sessions")
      .selectAll()
      .where("vault", "=", vault)
      .where("idempotencyKey", "=", idempotencyKey)
      .executeTakeFirst(),
  async change(id, columns) {
    await sql.updateTable("sessions").set(columns).where("id", "=", id).execute();
  },
  listOpen(filter) {
    const open = sql.selectFrom("sessions").selectAll().where("state", "=", "open");
    return "vault" in filter
      ? open.where("vault", "=", filter.vault).execute()
      : open.where("leaseUntil", "<", filter.leaseBefore).execute();
  },
  listIntents: () => sql.selectFrom("sessions").selectAll().where("intent", "is not", null).execute(),
});
