import type { RememberedCalls } from "../remembered-calls.ts";
import type { Sql } from "./database.ts";

export const sqlRememberedCalls = (sql: Sql): RememberedCalls => ({
  async insert(row) {
    const added = await sql
      .insertInto("rememberedCalls")
      .values(row)
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    return Number(added.numInsertedOrUpdatedRows ?? 0) > 0;
  },
  find: (account, key) =>
    sql
      .selectFrom("rememberedCalls")
      .selectAll()
      .where("account", "=", account)
      .where("key", "=", key)
      .executeTakeFirst(),
  async finish(account, key, { status, answer }) {
    await sql
      .updateTable("rememberedCalls")
      .set({ status, answer })
      .where("account", "=", account)
      .where("key", "=", key)
      .execute();
  },
  async remove(account, key) {
    await sql.deleteFrom("rememberedCalls").where("account", "=", account).where("key", "=", key).execute();
  },
  async removeBefore(startedBefore) {
    await sql.deleteFrom("rememberedCalls").where("startedAt", "<", startedBefore).execute();
  },
});
