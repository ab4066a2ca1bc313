/** Snapshots, backup records, restore records, audit rows: what happened. */
import { sql as raw } from "kysely";
import type { Audit, Backups, Restores, Snapshots } from "../records.ts";
import type { Sql } from "./database.ts";

export const sqlSnapshots = (sql: Sql): Snapshots => ({
  async insert(row) {
    await sql
      .insertInto("snapshots")
      .values({ ...row, state: "kept", scrubbedAt: row.receivedAt })
      .execute();
  },
  find: (vault, sequence) =>
    sql
      .selectFrom("snapshots")
      .selectAll()
      .where("vault", "=", vault)
      .where("sequence", "=", sequence)
      .executeTakeFirst(),
  list: (vault, { limit, after }, which = "kept") =>
    sql
      .selectFrom("snapshots")
      .selectAll()
      .where("vault", "=", vault)
      .$if(which === "kept", (query) => query.where("state", "=", "kept"))
      .$if(after !== undefined, (query) => query.where("sequence", "<", after ?? 0))
      .orderBy("sequence", "desc")
      .limit(limit)
      .execute(),
});

export const sqlBackups = (sql: Sql): Backups => ({
  async insert(row) {
    await sql.insertInto("backups").values(row).execute();
  },
  find: (id) => sql.selectFrom("backups").selectAll().where("id", "=", id).executeTakeFirst(),
  async change(id, columns) {
    await sql.updateTable("backups").set(columns).where("id", "=", id).execute();
  },
  list: (machine, { limit, after }) =>
    sql
      .selectFrom("backups")
      .selectAll()
      .where("machine", "=", machine)
      .$if(after !== undefined, (query) => query.where("id", "<", after ?? ""))
      .orderBy("id", "desc")
      .limit(limit)
      .execute(),
});

export const sqlRestores = (sql: Sql): Restores => ({
  async insert(row) {
    await sql.insertInto("restores").values(row).execute();
  },
  find: (id) => sql.selectFrom("restores").selectAll().where("id", "=", id).executeTakeFirst(),
  async change(id, columns) {
    await sql.updateTable("restores").set(columns).where("id", "=", id).execute();
  },
  list: (machine, { limit, after }) =>
    sql
      .selectFrom("restores")
      .selectAll()
      .where("machine", "=", machine)
      .$if(after !== undefined, (query) => query.where("id", "<", after ?? ""))
      .orderBy("id", "desc")
      .limit(limit)
      .execute(),
  listExpired: (now) =>
    sql
      .selectFrom("restores")
      .selectAll()
      // Spelled out, so that the index of just these is used.
      .where(raw<boolean>`status IN ('ordered', 'running', 'ready')`)
      .where("expiresAt", "<=", now)
      .execute(),
});

export const sqlAudit = (sql: Sql): Audit => ({
  async insert(row) {
    const { id } = await sql.insertInto("audit").values(row).returning("id").executeTakeFirstOrThrow();
    return id;
  },
  find: (id) => sql.selectFrom("audit").selectAll().where("id", "=", id).executeTakeFirst(),
  list: ({ limit, after }, { organization }) =>
    sql
      .selectFrom("audit")
      .selectAll()
      .$if(organization !== undefined, (query) => query.where("organization", "=", organization ?? ""))
      .$if(after !== undefined, (query) => query.where("id", "<", after ?? 0))
      .orderBy("id", "desc")
      .limit(limit)
      .execute(),
});
