/** Storage day by day, in SQL. */
import type { PageOf } from "../records.ts";
import type { Usage, UsageNow } from "../usage.ts";
import type { Sql } from "./database.ts";

export const sqlUsage = (sql: Sql): Usage => ({
  async list(holder, from) {
    const before = await sql
      .selectFrom("usageDays")
      .selectAll()
      .where("holder", "=", holder)
      .where("day", "<", from)
      .orderBy("day", "desc")
      .limit(1)
      .execute();
    const rows = await sql
      .selectFrom("usageDays")
      .selectAll()
      .where("holder", "=", holder)
      .where("day", ">=", from)
      .orderBy("day")
      .execute();
    return [...before, ...rows];
  },
  async listNow(level, page) {
    const found = await rowsNow(sql, level, page);
    const rows = found.filter(({ isThere }) => isThere).map(({ isThere: _, ...row }): UsageNow => row);
    return { rows, next: found.length < page.limit ? undefined : found.at(-1)?.holder };
  },
  listNewest: (holders) =>
    sql
      .selectFrom("usageDays as u")
      .selectAll()
      .where("u.holder", "in", holders.length === 0 ? [""] : [...holders])
      .where("u.day", "=", (eb) =>
        eb
          .selectFrom("usageDays as newest")
          .select((each) => each.fn.max("newest.day").as("day"))
          .whereRef("newest.holder", "=", "u.holder"),
      )
      .execute(),
  async put(rows) {
    if (rows.length === 0) return;
    await sql
      .insertInto("usageDays")
      .values([...rows])
      .onConflict((conflict) =>
        conflict.columns(["holder", "day"]).doUpdateSet((eb) => ({
          usedBytes: eb.ref("excluded.usedBytes"),
          limitBytes: eb.ref("excluded.limitBytes"),
        })),
      )
      .execute();
  },
  async removeBetween({ from, day, levels }, { limit, after }) {
    const found = await sql
      .selectFrom("usageDays")
      .select(["holder", "level"])
      .where("day", "=", day)
      .$if(after !== undefined, (query) => query.where("holder", ">", after ?? ""))
      .orderBy("holder")
      .limit(limit)
      .execute();
    const holders = found.filter(({ level }) => levels.includes(level)).map(({ holder }) => holder);
    if (holders.length > 0)
      await sql
        .deleteFrom("usageDays")
        .where("holder", "in", holders)
        .where("day", ">=", from)
        .where("day", "<", day)
        .execute();
    return found.length < limit ? undefined : found.at(-1)?.holder;
  },
  async removeOf(holder) {
    await sql.deleteFrom("usageDays").where("holder", "=", holder).execute();
  },
});

type Looked = UsageNow & { readonly isThere: boolean };

/** What is deleted is passed over here, not in the question: the database would look for an index of it, and sort. */
async function rowsNow(sql: Sql, level: "machine" | "user" | "pool", { limit, after }: PageOf): Promise<Looked[]> {
  switch (level) {
    case "machine": {
      const found = await sql
        .selectFrom("machines")
        .select(["id", "deletedAt", "usedBytes", "limitBytes"])
        .where("id", ">", after ?? "")
        .orderBy("id")
        .limit(limit)
        .execute();
      return found.map(({ id, deletedAt, ...use }) => ({ ...use, holder: id, level, isThere: deletedAt === null }));
    }
    case "user": {
      const found = await sql
        .selectFrom("accounts")
        .select(["id", "state", "userGroup", "usedBytes", "limitBytes"])
        .where("id", ">", after ?? "")
        .orderBy("id")
        .limit(limit)
        .execute();
      return found.map(({ id, state, userGroup, ...use }) => {
        return { ...use, holder: id, level, isThere: userGroup !== null && state !== "deleted" && state !== "purged" };
      });
    }
    case "pool": {
      const found = await sql
        .selectFrom("pools")
        .select(["holder", "organization", "mode", "usedBytes", "limitBytes"])
        .where("kind", "=", "all")
        .where("holder", ">", after ?? "")
        .orderBy("holder")
        .limit(limit)
        .execute();
      return found.map(({ organization, mode, ...use }) => {
        const limitBytes = mode === "none" ? null : use.limitBytes;
        return { ...use, limitBytes, level: use.holder === organization ? "organization" : "group", isThere: true };
      });
    }
  }
}
