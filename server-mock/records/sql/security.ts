/** Failed attempts, and what was done to an account. */
import type { Activity, Attempts } from "../security.ts";
import type { Sql } from "./database.ts";

export const sqlAttempts = (sql: Sql): Attempts => ({
  list: (keys) =>
    sql
      .selectFrom("attempts")
      .selectAll()
      .where("key", "in", [...keys])
      .execute(),
  async add(keys, { at, forgetBefore }) {
    // One statement a key: processes that count at the same time must not read each other's past.
    for (const key of keys)
      await sql
        .insertInto("attempts")
        .values({ key, failures: 1, at })
        .onConflict((conflict) =>
          conflict.column("key").doUpdateSet((eb) => ({
            failures: eb
              .case()
              .when("attempts.at", "<", forgetBefore)
              .then(1)
              .else(eb("attempts.failures", "+", 1))
              .end(),
            at,
          })),
        )
        .execute();
  },
  async remove(key) {
    await sql.deleteFrom("attempts").where("key", "=", key).execute();
  },
  async trim({ before, most }) {
    await sql.deleteFrom("attempts").where("at", "<", before).execute();
    const first = await sql
      .selectFrom("attempts")
      .select("at")
      .orderBy("at", "desc")
      .limit(1)
      .offset(most)
      .executeTakeFirst();
    if (first !== undefined) await sql.deleteFrom("attempts").where("at", "<=", first.at).execute();
  },
});

export const sqlActivity = (sql: Sql): Activity => ({
  list: (account, login, { limit, after }) =>
    sql
      .selectFrom("audit")
      .selectAll()
      .where("account", "=", account)
      .where("actor", "!=", login)
      .$if(after !== undefined, (query) => query.where("id", "<", after ?? 0))
      .orderBy("id", "desc")
      .limit(limit)
      .execute(),
});
