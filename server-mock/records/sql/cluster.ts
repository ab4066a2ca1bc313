/** Processes, facts of the installation, turns of jobs. */
import type { Cluster } from "../cluster.ts";
import type { Sql } from "./database.ts";

export const sqlCluster = (sql: Sql): Cluster => ({
  async beat(row) {
    await sql
      .insertInto("nodes")
      .values(row)
      .onConflict((conflict) => conflict.column("id").doUpdateSet({ seenAt: row.seenAt }))
      .execute();
  },
  find: (node) => sql.selectFrom("nodes").selectAll().where("id", "=", node).executeTakeFirst(),
  listNodes: () => sql.selectFrom("nodes").selectAll().orderBy("id").execute(),
  async leave(node) {
    await sql.deleteFrom("nodes").where("id", "=", node).execute();
  },
  async fact(name, value) {
    await sql
      .insertInto("facts")
      .values({ name, value })
      .onConflict((conflict) => conflict.column("name").doNothing())
      .execute();
    const found = await sql.selectFrom("facts").select("value").where("name", "=", name).executeTakeFirstOrThrow();
    return found.value;
  },
  async findFact(name) {
    const found = await sql.selectFrom("facts").select("value").where("name", "=", name).executeTakeFirst();
    return found?.value;
  },
  async beginTurn({ name, startedAt, node }, before) {
    const begun = await sql
      .insertInto("jobTurns")
      .values({ name, startedAt, node })
      .onConflict((conflict) =>
        conflict.column("name").doUpdateSet({ startedAt, node }).where("jobTurns.startedAt", "<=", before),
      )
      .returning("name")
      .executeTakeFirst();
    return begun !== undefined;
  },
});
