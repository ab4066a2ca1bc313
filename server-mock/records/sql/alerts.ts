/** Alerts, and what is mailed regularly. */
import type { Alerts, Schedules } from "../notices.ts";
import type { Sql } from "./database.ts";
import { within } from "./scope.ts";

export const sqlAlerts = (sql: Sql): Alerts => ({
  async insert(row) {
    await sql.insertInto("alerts").values(row).execute();
  },
  find: (id) => sql.selectFrom("alerts").selectAll().where("id", "=", id).executeTakeFirst(),
  findOpen: (openKey) => sql.selectFrom("alerts").selectAll().where("openKey", "=", openKey).executeTakeFirst(),
  listOpenBy: (openKeys) =>
    sql
      .selectFrom("alerts")
      .selectAll()
      .where("openKey", "in", openKeys.length === 0 ? [""] : [...openKeys])
      .execute(),
  list: ({ limit, after }, { scope, state, kind, cause, machine }) =>
    sql
      .selectFrom("alerts")
      .selectAll()
      .where(within(scope))
      .$if(state === "closed", (query) => query.where("closedAt", "is not", null))
      .$if(state === "open" || state === "acknowledged", (query) => query.where("closedAt", "is", null))
      .$if(state === "acknowledged", (query) => query.where("acknowledgedAt", "is not", null))
      .$if(kind !== undefined, (query) => query.where("kind", "=", kind ?? ""))
      .$if(cause !== undefined, (query) => query.where("cause", "=", cause ?? ""))
      .$if(machine !== undefined, (query) => query.where("machine", "=", machine ?? ""))
      .$if(after !== undefined, (query) => query.where("id", "<", after ?? ""))
      .orderBy("id", "desc")
      .limit(limit)
      .execute(),
  listOpen: (kind, { limit, after }) =>
    sql
      .selectFrom("alerts")
      .selectAll()
      .where("kind", "=", kind)
      .where("closedAt", "is", null)
      .$if(after !== undefined, (query) => query.where("id", ">", after ?? ""))
      .orderBy("id")
      .limit(limit)
      .execute(),
  async countOpen(scope) {
    const { open, acknowledged } = await sql
      .selectFrom("alerts")
      .select((eb) => [eb.fn.countAll<number>().as("open"), eb.fn.count<number>("acknowledgedAt").as("acknowledged")])
      .where("closedAt", "is", null)
      .where(within(scope))
      .executeTakeFirstOrThrow();
    return { open: Number(open), unacknowledged: Number(open) - Number(acknowledged) };
  },
  async change(id, columns) {
    await sql.updateTable("alerts").set(columns).where("id", "=", id).execute();
  },
  async removeClosed(before) {
    await sql.deleteFrom("alerts").where("closedAt", "is not", null).where("closedAt", "<", before).execute();
  },
});

export const sqlSchedules = (sql: Sql): Schedules => ({
  async insert(row) {
    await sql.insertInto("schedules").values(row).execute();
  },
  find: (id) => sql.selectFrom("schedules").selectAll().where("id", "=", id).executeTakeFirst(),
  list: ({ limit, after }, { organization, madeBy, kind }) =>
    sql
      .selectFrom("schedules")
      .selectAll()
      .where("kind", "=", kind)
      .$if(madeBy !== undefined, (query) => query.where("madeBy", "=", madeBy ?? ""))
      .$if(organization !== undefined, (query) => query.where("organization", "=", organization ?? ""))
      .$if(after !== undefined, (query) => query.where("id", "<", after ?? ""))
      .orderBy("id", "desc")
      .limit(limit)
      .execute(),
  listDue: (now, limit) =>
    sql
      .selectFrom("schedules")
      .selectAll()
      .where("isActive", "=", 1)
      .where("nextAt", "<=", now)
      .orderBy("nextAt")
      .limit(limit)
      .execute(),
  async change(id, columns) {
    await sql.updateTable("schedules").set(columns).where("id", "=", id).execute();
  },
  async remove(id) {
    await sql.deleteFrom("schedules").where("id", "=", id).execute();
  },
});
