/** What restores from the browser have beyond their row, in SQL. */
import { UNENDED_RESTORES, type WebRestores } from "../restores.ts";
import type { Sql } from "./database.ts";

export const sqlWebRestores = (sql: Sql): WebRestores => ({
  async insert(row) {
    await sql.insertInto("webRestores").values(row).execute();
  },
  find: (restore) => sql.selectFrom("webRestores").selectAll().where("restore", "=", restore).executeTakeFirst(),
  async change(restore, columns) {
    await sql.updateTable("webRestores").set(columns).where("restore", "=", restore).execute();
  },
  listOrders: (machine, { limit, after }, which) =>
    sql
      .selectFrom("webRestores")
      .innerJoin("restores", "restores.id", "webRestores.restore")
      .selectAll("webRestores")
      .select("restores.id as id")
      .where("webRestores.machine", "=", machine)
      .where("webRestores.kind", "=", "order")
      .$if(which === "open", (query) => query.where("restores.status", "in", UNENDED_RESTORES))
      .$if(after !== undefined, (query) => query.where("webRestores.restore", "<", after ?? ""))
      .orderBy("webRestores.restore", "desc")
      .limit(limit)
      .execute(),
  async forgetOf(machine) {
    await sql.updateTable("webRestores").set({ wish: null, problems: "[]" }).where("machine", "=", machine).execute();
  },
});
