/**
 * Conditions of lists. SQLite without statistics guesses badly which of several indexes is good, so a query says it: of each condition there is a
 * form that an index may serve, and one that none can.
 */
import { type RawBuilder, sql as raw, type SqlBool } from "kysely";
import type { Scope } from "../records.ts";

type Condition = RawBuilder<SqlBool>;

export interface ListCondition {
  /** Served by an index of the column; undefined: no index is worth it. */
  readonly indexed: Condition | undefined;
  /** The same, but no index of the column comes into question. */
  readonly plain: Condition;
}

export const hidden = (column: string, kind: "text" | "number"): RawBuilder<unknown> =>
  kind === "text" ? raw`coalesce(${raw.ref(column)}, '')` : raw`coalesce(${raw.ref(column)}, 0)`;

export const textIs = (column: string, value: string): ListCondition => ({
  indexed: raw`${raw.ref(column)} = ${value}`,
  plain: raw`${hidden(column, "text")} = ${value}`,
});

export function textIn(column: string, values: readonly string[]): ListCondition {
  // An empty list would not be SQL; no row has an empty id.
  const list = raw.join(values.length === 0 ? [""] : values);
  return { indexed: raw`${raw.ref(column)} in (${list})`, plain: raw`${hidden(column, "text")} in (${list})` };
}

/** Of the states that an index of those that are not active has, or of any. */
export function stateIn(states: readonly number[]): ListCondition {
  const list = raw.join(states.length === 0 ? [raw.lit(-2)] : states.map((state) => raw.lit(state)));
  const isRare = states.every((state) => state > 0);
  return {
    indexed: isRare ? raw`${raw.ref("listState")} > 0 and ${raw.ref("listState")} in (${list})` : undefined,
    plain: raw`${hidden("listState", "number")} in (${list})`,
  };
}

export function backedUp(when: "never" | { readonly since: number } | { readonly before: number }): ListCondition {
  const on = (column: RawBuilder<unknown>): Condition => {
    if (when === "never") return raw`${column} = ${raw.lit(0)}`;
    if ("since" in when) return raw`${column} >= ${when.since}`;
    return raw`${column} > ${raw.lit(0)} and ${column} < ${when.before}`;
  };
  return { indexed: on(raw.ref("listBackedUp")), plain: on(hidden("listBackedUp", "number")) };
}

/** One of the columns, which hold small letters, is this text. */
export function anyIs(columns: readonly string[], text: string): ListCondition {
  const any = (column: (name: string) => RawBuilder<unknown>): Condition =>
    raw`(${raw.join(
      columns.map((name) => raw`${column(name)} = ${text}`),
      raw` or `,
    )})`;
  return { indexed: any((name) => raw.ref(name)), plain: any((name) => hidden(name, "text")) };
}

export const textHas = (text: string): ListCondition => ({
  indexed: undefined,
  plain: raw`${raw.ref("listText")} like ${`%${text.replace(/[\\%_]/g, "\\$&")}%`} escape '\\'`,
});

export const plainly = (plain: Condition): ListCondition => ({ indexed: undefined, plain });

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
