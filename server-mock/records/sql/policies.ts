/** Client configuration, its receipts, and codes for new hardware. */
import type { Policies, PolicyStores, Replacements } from "../policies.ts";
import type { Sql } from "./database.ts";

export const policyStores = (sql: Sql): PolicyStores => ({
  policies: sqlPolicies(sql),
  replacements: sqlReplacements(sql),
});

const sqlPolicies = (sql: Sql): Policies => ({
  find: (holder, kind) =>
    sql.selectFrom("policies").selectAll().where("holder", "=", holder).where("kind", "=", kind).executeTakeFirst(),
  async listOf(holders, kind) {
    if (holders.length === 0) return [];
    return await sql
      .selectFrom("policies")
      .selectAll()
      .where("holder", "in", [...holders])
      .where("kind", "=", kind)
      .execute();
  },
  async put(row) {
    const { settings, version, changedAt, changedBy } = row;
    await sql
      .insertInto("policies")
      .values(row)
      .onConflict((conflict) =>
        conflict.columns(["holder", "kind"]).doUpdateSet({ settings, version, changedAt, changedBy }),
      )
      .execute();
  },
  async removeOf(holder) {
    await sql.deleteFrom("policies").where("holder", "=", holder).execute();
  },
  findReceipt: (machine) =>
    sql.selectFrom("policyReceipts").selectAll().where("machine", "=", machine).executeTakeFirst(),
  async putReceipt(row) {
    const { tag, receivedAt } = row;
    await sql
      .insertInto("policyReceipts")
      .values(row)
      .onConflict((conflict) => conflict.column("machine").doUpdateSet({ tag, receivedAt }))
      .execute();
  },
});

const sqlReplacements = (sql: Sql): Replacements => ({
  async insert(row) {
    await sql.insertInto("replacements").values(row).execute();
  },
  find: (digest) => sql.selectFrom("replacements").selectAll().where("digest", "=", digest).executeTakeFirst(),
  async removeOf(machine) {
    await sql.deleteFrom("replacements").where("machine", "=", machine).execute();
  },
  async removeExpired(now) {
    await sql.deleteFrom("replacements").where("expiresAt", "<=", now).execute();
  },
});
