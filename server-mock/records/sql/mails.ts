/** Mails that are made of events. */
import type { Mails } from "../notices.ts";
import type { Sql } from "./database.ts";

export const sqlMails = (sql: Sql): Mails => ({
  async insert(row) {
    await sql.insertInto("mails").values(row).execute();
  },
  find: (id) => sql.selectFrom("mails").selectAll().where("id", "=", id).executeTakeFirst(),
  list: ({ limit, after }, { organization, state }) =>
    sql
      .selectFrom("mails")
      .selectAll()
      .$if(organization !== undefined, (query) => query.where("organization", "=", organization ?? ""))
      .$if(state !== undefined, (query) => query.where("state", "=", state ?? "queued"))
      .$if(after !== undefined, (query) => query.where("id", "<", after ?? ""))
      .orderBy("id", "desc")
      .limit(limit)
      .execute(),
  listDue: (now, limit) =>
    sql
      .selectFrom("mails")
      .selectAll()
      .where("state", "=", "queued")
      .where("nextAt", "<=", now)
      .orderBy("nextAt")
      .orderBy("id")
      .limit(limit)
      .execute(),
  async claim({ id, attempts, until }) {
    const claimed = await sql
      .updateTable("mails")
      .set({ attempts: attempts + 1, nextAt: until })
      .where("id", "=", id)
      .where("state", "=", "queued")
      .where("attempts", "=", attempts)
      .executeTakeFirst();
    return claimed.numUpdatedRows > 0n;
  },
  async change(id, columns) {
    await sql.updateTable("mails").set(columns).where("id", "=", id).execute();
  },
  async hasTopicSince(topic, since) {
    const found = await sql
      .selectFrom("mails")
      .select("id")
      .where("topic", "=", topic)
      .where("createdAt", ">", since)
      .limit(1)
      .executeTakeFirst();
    return found !== undefined;
  },
  async countByState(organization) {
    const counted = await sql
      .selectFrom("mails")
      .select((eb) => ["state", eb.fn.countAll<number>().as("count")])
      .$if(organization !== undefined, (query) => query.where("organization", "=", organization ?? ""))
      .groupBy("state")
      .execute();
    const of = (state: string) => Number(counted.find((each) => each.state === state)?.count ?? 0);
    return { queued: of("queued"), sent: of("sent"), failed: of("failed"), expired: of("expired") };
  },
  async removeBefore(at) {
    await sql.deleteFrom("mails").where("createdAt", "<", at).where("state", "!=", "queued").execute();
  },
});
