/** Hash chains in SQL. */
import type { Chains } from "../chains.ts";
import { UNENDED_RESTORES } from "../restores.ts";
import type { Sql } from "./database.ts";

export const sqlChains = (sql: Sql): Chains => ({
  find: (chain) => sql.selectFrom("chains").selectAll().where("chain", "=", chain).executeTakeFirst(),
  async append(link) {
    await sql.insertInto("chainLinks").values(link).execute();
    const { chain, number: count, hash: head } = link;
    await sql
      .insertInto("chains")
      .values({ chain, count, head })
      .onConflict((conflict) => conflict.column("chain").doUpdateSet({ count, head }))
      .execute();
  },
  list: ({ limit, after }) =>
    sql
      .selectFrom("chains")
      .selectAll()
      .$if(after !== undefined, (query) => query.where("chain", ">", after ?? ""))
      .orderBy("chain")
      .limit(limit)
      .execute(),
  listLinks: (chain, { limit, after }) =>
    sql
      .selectFrom("chainLinks")
      .selectAll()
      .where("chain", "=", chain)
      .where("number", ">", after)
      .orderBy("number")
      .limit(limit)
      .execute(),
  async remove(chain) {
    await sql.deleteFrom("chainLinks").where("chain", "=", chain).execute();
    await sql.deleteFrom("chains").where("chain", "=", chain).execute();
  },
  async listUnchained(limit) {
    const backups = await sql
      .selectFrom("backups")
      .leftJoin("chainLinks", (join) =>
        join.onRef("chainLinks.subject", "=", "backups.id").on("chainLinks.kind", "=", "backup"),
      )
      .selectAll("backups")
      .where("chainLinks.subject", "is", null)
      .where("state", "!=", "running")
      .orderBy("id")
      .limit(limit)
      .execute();
    const restores = await sql
      .selectFrom("restores")
      .leftJoin("chainLinks", (join) =>
        join.onRef("chainLinks.subject", "=", "restores.id").on("chainLinks.kind", "=", "restore"),
      )
      .selectAll("restores")
      .where("chainLinks.subject", "is", null)
      .where("status", "not in", UNENDED_RESTORES)
      .orderBy("id")
      .limit(limit)
      .execute();
    const audit = await sql
      .selectFrom("audit")
      .leftJoin("chainLinks", (join) =>
        join
          .on((eb) => eb("chainLinks.subject", "=", eb.cast<string>("audit.id", "text")))
          .on("chainLinks.kind", "=", "audit"),
      )
      .selectAll("audit")
      .where("chainLinks.subject", "is", null)
      .orderBy("id")
      .limit(limit)
      .execute();
    return { backups, restores, audit };
  },
});
