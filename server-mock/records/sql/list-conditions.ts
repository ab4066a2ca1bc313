/**
 * Conditions of lists. SQLite has no statistics and guesses badly which of several indexes is good, so a query says it: of each condition there is a
 * form that an index may serve, and one that none can. PostgreSQL has statistics, and gets the first.
 */
import { type RawBuilder, sql as raw, type SqlBool } from "kysely";
import type { Scope } from "../records.ts";

type Condition = RawBuilder<SqlBool>;

export interface ListCondition {
  readonly plain: Condition;
  /** The same, but no index of the column comes into question. */
  readonly hidden: Condition;
  /** An index of the column may leave few rows. */
  readonly isIndexed: boolean;
}

export const hidden = (column: string, kind: "text" | "number"): RawBuilder<unknown> =>
  kind === "text" ? raw`coalesce(${raw.ref(column)}, '')` : raw`coalesce(${raw.ref(column)}, 0)`;

export const textIs = (column: string, value: string): ListCondition => ({
  plain: raw`${raw.ref(column)} = ${value}`,
  hidden: raw`${hidden(column, "text")} = ${value}`,
  isIndexed: true,
});

export function textIn(column: string, values: readonly string[]): ListCondition {
  // An empty list would not be SQL; no row has an empty id.
  const list = raw.join(values.length === 0 ? [""] : values);
  return {
    plain: raw`${raw.ref(column)} in (${list})`,
    hidden: raw`${hidden(column, "text")} in (${list})`,
    isIndexed: true,
  };
}

/** Of the states that an index of those that are not active has, or of any. */
export function stateIn(states: readonly number[]): ListCondition {
  const list = raw.join(states.length === 0 ? [raw.lit(-2)] : states.map((state) => raw.lit(state)));
  const isRare = states.every((state) => state > 0);
  return {
    plain: raw`${isRare ? raw`${raw.ref("listState")} > 0 and ` : raw``}${raw.ref("listState")} in (${list})`,
    hidden: raw`${hidden("listState", "number")} in (${list})`,
    isIndexed: isRare,
  };
}

export function backedUp(when: "never" | { readonly since: number } | { readonly before: number }): ListCondition {
  const on = (column: RawBuilder<unknown>): Condition => {
    if (when === "never") return raw`${column} = ${raw.lit(0)}`;
    if ("since" in when) return raw`${column} >= ${when.since}`;
    return raw`${column} > ${raw.lit(0)} and ${column} < ${when.before}`;
  };
  return { plain: on(raw.ref("listBackedUp")), hidden: on(hidden("listBackedUp", "number")), isIndexed: true };
}

/** One of the columns, which hold small letters, is this text. */
export function anyIs(columns: readonly string[], text: string): ListCondition {
  const any = (column: (name: string) => RawBuilder<unknown>): Condition =>
    raw`(${raw.join(
      columns.map((name) => raw`${column(name)} = ${text}`),
      raw` or `,
    )})`;
  return { plain: any((name) => raw.ref(name)), hidden: any((name) => hidden(name, "text")), isIndexed: true };
}

export const textHas = (text: string): ListCondition =>
  plainly(raw`${raw.ref("listText")} like ${`%${text.replace(/[\\%_]/g, "\\$&")}%`} escape '\\'`);

export const plainly = (plain: Condition): ListCondition => ({ plain, hidden: plain, isIndexed: false });

export function withinScope(
  { organization, groups, account }: Scope,
  columns: { readonly account: string },
): ListCondition[] {
  return [
    ...(account === undefined ? [] : [textIs(columns.account, account)]),
    ...(groups === undefined ? [] : [textIn("userGroup", groups)]),
    ...(organization === undefined ? [] : [textIs("organization", organization)]),
  ];
}
