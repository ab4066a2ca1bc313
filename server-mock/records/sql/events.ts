/** What happened: handed on once, and read for a while. */
import { type RawBuilder, sql as raw, type SqlBool } from "kysely";
import type { EventFilter, Events } from "../notices.ts";
import type { Sql } from "./database.ts";
import { hidden } from "./list-conditions.ts";

export const sqlEvents = (sql: Sql): Events => ({
  async insert(row) {
    await sql.insertInto("events").values(row).execute();
  },
  find: (id) => sql.selectFrom("events").selectAll().where("id", "=", id).executeTakeFirst(),
  listWaiting: (limit) =>
    sql.selectFrom("events").selectAll().where("handledAt", "is", null).orderBy("id").limit(limit).execute(),
  async setHandled(id, at) {
    const changed = await sql
      .updateTable("events")
      .set({ handledAt: at })
      .where("id", "=", id)
      .where("handledAt", "is", null)
      .executeTakeFirst();
    return changed.numUpdatedRows > 0n;
  },
  async removeHandled(before) {
    await sql.deleteFrom("events").where("handledAt", "is not", null).where("handledAt", "<", before).execute();
  },
  list: ({ limit, after }, filter) =>
    sql
      .selectFrom("events")
      .selectAll()
      .where(that(filter))
      .$if(after !== undefined, (query) => query.where("id", "<", after ?? ""))
      .orderBy("id", "desc")
      .limit(limit)
      .execute(),
  async countByKind(filter) {
    const counted = await sql
      .selectFrom("events")
      .select((eb) => ["kind", eb.fn.countAll<number>().as("count")])
      .where(that(filter))
      .groupBy("kind")
      .execute();
    return new Map(counted.map(({ kind, count }) => [kind, Number(count)]));
  },
});

/** One index leads, whatever the database guesses: of the account, else of the only kind, else of the organization. */
function that({ scope, kinds, machine, from, until }: EventFilter): RawBuilder<SqlBool> {
  const { organization, groups, account } = scope;
  const [only = "", second] = kinds;
  const isOfOne = account === undefined && second === undefined;
  const kind = isOfOne ? raw.ref("kind") : hidden("kind", "text");
  const held: RawBuilder<unknown>[] = [raw`${kind} in (${raw.join(second === undefined ? [only] : kinds)})`];
  // An account is of one organization and group.
  if (account !== undefined) held.push(raw`${raw.ref("account")} = ${account}`);
  else if (organization !== undefined)
    held.push(raw`${isOfOne ? hidden("organization", "text") : raw.ref("organization")} = ${organization}`);
  if (account === undefined && groups !== undefined)
    held.push(raw`${raw.ref("userGroup")} in (${raw.join(groups.length === 0 ? [""] : groups)})`);
  if (machine !== undefined) held.push(raw`${raw.ref("machine")} = ${machine}`);
  if (from !== undefined) held.push(raw`${raw.ref("id")} >= ${from}`);
  if (until !== undefined) held.push(raw`${raw.ref("id")} < ${until}`);
  return raw<SqlBool>`${raw.join(held, raw` and `)}`;
}
