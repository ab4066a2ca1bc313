/** What happened: handed on once, and read for a while. */
import { type RawBuilder, sql as raw, type SqlBool } from "kysely";
import type { EventFilter, Events } from "../notices.ts";
import type { Scope } from "../records.ts";
import type { Sql } from "./database.ts";
import { within } from "./scope.ts";

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

function that({ scope, kinds, machine, from, until }: EventFilter): RawBuilder<SqlBool> {
  const conditions: RawBuilder<unknown>[] = [within(narrowest(scope)), ofKinds(kinds)];
  if (machine !== undefined) conditions.push(raw`${raw.ref("machine")} = ${machine}`);
  if (from !== undefined) conditions.push(raw`${raw.ref("id")} >= ${from}`);
  if (until !== undefined) conditions.push(raw`${raw.ref("id")} < ${until}`);
  return raw<SqlBool>`${raw.join(conditions, raw` and `)}`;
}

/** An account is of one organization and group: its own index alone is to be used. */
const narrowest = (scope: Scope): Scope => (scope.account === undefined ? scope : { account: scope.account });

/** One kind is a stretch of its index; of several the rows come in the order of ids, so that no index of kinds must lead. */
function ofKinds(kinds: readonly string[]): RawBuilder<unknown> {
  const [only = "", second] = kinds;
  if (second === undefined) return raw`${raw.ref("kind")} = ${only}`;
  return raw`${raw.ref("kind")} || '' in (${raw.join(kinds)})`;
}
