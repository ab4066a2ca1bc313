/** How agents last said that they are, in SQL. */
import type { AgentStates } from "../agent-states.ts";
import type { Sql } from "./database.ts";

export const sqlAgentStates = (sql: Sql): AgentStates => ({
  find: (machine) => sql.selectFrom("agentStates").selectAll().where("machine", "=", machine).executeTakeFirst(),
  async put(row) {
    const { machine: _, ...columns } = row;
    await sql
      .insertInto("agentStates")
      .values(row)
      .onConflict((conflict) => conflict.column("machine").doUpdateSet(columns))
      .execute();
  },
  async removeOf(machine) {
    await sql.deleteFrom("agentStates").where("machine", "=", machine).execute();
  },
});
