/** Webhooks and what was sent to them. */
import type { Deliveries, Webhooks } from "../notices.ts";
import type { Sql } from "./database.ts";

export const sqlWebhooks = (sql: Sql): Webhooks => ({
  async insert(row) {
    await sql.insertInto("webhooks").values(row).execute();
  },
  find: (id) => sql.selectFrom("webhooks").selectAll().where("id", "=", id).executeTakeFirst(),
  list: ({ limit, after }, organization) =>
    sql
      .selectFrom("webhooks")
      .selectAll()
      .$if(organization !== undefined, (query) => query.where("organization", "=", organization ?? ""))
      .$if(after !== undefined, (query) => query.where("id", "<", after ?? ""))
      .orderBy("id", "desc")
      .limit(limit)
      .execute(),
  listActive: (organization) =>
    sql
      .selectFrom("webhooks")
      .selectAll()
      .where("organization", "=", organization)
      .where("state", "=", "active")
      .orderBy("id")
      .execute(),
  async change(id, columns) {
    await sql.updateTable("webhooks").set(columns).where("id", "=", id).execute();
  },
  async remove(id) {
    await sql.deleteFrom("deliveries").where("webhook", "=", id).execute();
    await sql.deleteFrom("webhooks").where("id", "=", id).execute();
  },
});

export const sqlDeliveries = (sql: Sql): Deliveries => ({
  async insert(row) {
    await sql.insertInto("deliveries").values(row).execute();
  },
  find: (id) => sql.selectFrom("deliveries").selectAll().where("id", "=", id).executeTakeFirst(),
  list: ({ limit, after }, webhook) =>
    sql
      .selectFrom("deliveries")
      .selectAll()
      .where("webhook", "=", webhook)
      .$if(after !== undefined, (query) => query.where("id", "<", after ?? ""))
      .orderBy("id", "desc")
      .limit(limit)
      .execute(),
  listDue: (now, limit) =>
    sql
      .selectFrom("deliveries")
      .selectAll()
      .where("state", "=", "waiting")
      .where("nextAt", "<=", now)
      .orderBy("nextAt")
      .orderBy("id")
      .limit(limit)
      .execute(),
  async claim({ id, attempts, until }) {
    const claimed = await sql
      .updateTable("deliveries")
      .set({ attempts: attempts + 1, nextAt: until })
      .where("id", "=", id)
      .where("state", "=", "waiting")
      .where("attempts", "=", attempts)
      .executeTakeFirst();
    return claimed.numUpdatedRows > 0n;
  },
  async change(id, columns) {
    await sql.updateTable("deliveries").set(columns).where("id", "=", id).execute();
  },
  async removeEnded(before) {
    await sql.deleteFrom("deliveries").where("endedAt", "is not", null).where("endedAt", "<", before).execute();
  },
});
