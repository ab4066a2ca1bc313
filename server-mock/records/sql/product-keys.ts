/** Product keys: rows of hashes, with who owns them and which machine they activated. */
import { type Expression, expressionBuilder, type SelectQueryBuilder, type SqlBool } from "kysely";
import type { ProductKeyFilter, ProductKeys } from "../records.ts";
import type { ProductKeyRow } from "../rows.ts";
import type { Database, Sql } from "./database.ts";
import { within } from "./scope.ts";

export const sqlProductKeys = (sql: Sql): ProductKeys => ({
  async insert(row) {
    await sql.insertInto("productKeys").values(row).execute();
  },
  find: (id) => sql.selectFrom("productKeys").selectAll().where("id", "=", id).executeTakeFirst(),
  findByDigest: (digest) => sql.selectFrom("productKeys").selectAll().where("digest", "=", digest).executeTakeFirst(),
  findByMachine: (machine) =>
    sql.selectFrom("productKeys").selectAll().where("machine", "=", machine).executeTakeFirst(),
  listFree: (account) =>
    sql
      .selectFrom("productKeys")
      .selectAll()
      .where("account", "=", account)
      .where(inState("assigned"))
      .orderBy("id")
      .execute(),
  list: ({ limit, after }, scope, filter = {}) =>
    sql
      .selectFrom("productKeys")
      .selectAll()
      .where(within(scope))
      .$call((query) => chosen(query, filter))
      .$if(after !== undefined, (query) => query.where("id", "<", after ?? ""))
      .orderBy("id", "desc")
      .limit(limit)
      .execute(),
  async change(id, columns) {
    await sql.updateTable("productKeys").set(columns).where("id", "=", id).execute();
  },
});

type KeyQuery = SelectQueryBuilder<Database, "productKeys", ProductKeyRow>;

function chosen(query: KeyQuery, { state, kind, userGroup, account, isActivated }: ProductKeyFilter): KeyQuery {
  return query
    .$if(state !== undefined, (some) => some.where(inState(state ?? "revoked")))
    .$if(kind !== undefined, (some) => some.where("kind", "=", kind ?? "desktop"))
    .$if(userGroup !== undefined, (some) => some.where("userGroup", "=", userGroup ?? ""))
    .$if(account !== undefined, (some) => some.where("account", "=", account ?? ""))
    .$if(isActivated === true, (some) => some.where("machine", "is not", null))
    .$if(isActivated === false, (some) => some.where("machine", "is", null));
}

/** As `keyState` of domain/views.ts tells them apart. */
function inState(state: NonNullable<ProductKeyFilter["state"]>): Expression<SqlBool> {
  const eb = expressionBuilder<Database, "productKeys">();
  const isGood = [eb("revokedAt", "is", null), eb("suspendedAt", "is", null)];
  switch (state) {
    case "revoked":
      return eb("revokedAt", "is not", null);
    case "suspended":
      return eb.and([eb("revokedAt", "is", null), eb("suspendedAt", "is not", null)]);
    case "activated":
      return eb.and([...isGood, eb("machine", "is not", null)]);
    case "assigned":
      return eb.and([...isGood, eb("machine", "is", null), eb("account", "is not", null)]);
    case "unassigned":
      return eb.and([...isGood, eb("machine", "is", null), eb("account", "is", null)]);
  }
}
