/** Whose rows a query sees, as a condition. */
import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { Scope } from "../records.ts";
import type { DeviceKind } from "../rows.ts";

/** Which columns say whose a row is, with their table where a query joins several. */
export interface ScopeColumns {
  readonly organization: string;
  readonly group: string;
  readonly account: string;
}

const COLUMNS: ScopeColumns = { organization: "organization", group: "userGroup", account: "account" };

export function within({ organization, groups, account }: Scope, columns: ScopeColumns = COLUMNS): RawBuilder<SqlBool> {
  const conditions: RawBuilder<unknown>[] = [];
  if (organization !== undefined) conditions.push(sql`${sql.ref(columns.organization)} = ${organization}`);
  // An empty list would not be SQL; no row has an empty id.
  if (groups !== undefined)
    conditions.push(sql`${sql.ref(columns.group)} in (${sql.join(groups.length === 0 ? [""] : groups)})`);
  if (account !== undefined) conditions.push(sql`${sql.ref(columns.account)} = ${account}`);
  return conditions.length === 0 ? sql<SqlBool>`1 = 1` : sql<SqlBool>`${sql.join(conditions, sql` and `)}`;
}

/** Rows of `GROUP BY kind` as one number for each kind. */
export function byKind(
  counted: readonly { kind: string; count: number | string | null }[],
): Record<DeviceKind, number> {
  const of = (kind: DeviceKind) => Number(counted.find((each) => each.kind === kind)?.count ?? 0);
  return { desktop: of("desktop"), server: of("server") };
}
