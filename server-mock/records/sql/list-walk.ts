/**
 * How a page of a list is found. When some condition alone leaves few rows, those are fetched and sorted. Otherwise the index of the sort column is
 * walked from the page's beginning until it is full: the index has every column that a filter looks at (`migrations/0013-lists.ts`), so that the
 * worst list, which has nothing to show, reads that one index and no row. PostgreSQL chooses between the same two by its statistics.
 */
import { type RawBuilder, sql as raw, SqliteAdapter } from "kysely";
import { LIST_COUNT_MAX } from "../../../protocol/messages/lists.ts";
import type { ListPlace } from "../lists.ts";
import type { Sql } from "./database.ts";
import { hidden, type ListCondition } from "./list-conditions.ts";

/** Fetching this many rows takes as long as walking an index of a million; measured on SQLite. */
const FEW = 20_000;
/** So few that no other index need be asked. */
const VERY_FEW = 1000;

export interface ListOrder {
  readonly column: string;
  readonly kind: "text" | "number";
  readonly isDescending: boolean;
}

export interface ListWalk {
  readonly table: "accounts" | "machines";
  readonly order: ListOrder;
  readonly conditions: readonly ListCondition[];
  readonly limit: number;
  readonly after: ListPlace | undefined;
  readonly few?: number | undefined;
}

export interface FoundIds {
  readonly ids: readonly string[];
  readonly next: ListPlace | undefined;
  readonly count: number | undefined;
}

export async function findIds(sql: Sql, walk: ListWalk): Promise<FoundIds> {
  const { table, order, conditions, limit, after } = walk;
  const isGuided = sql.getExecutor().adapter instanceof SqliteAdapter;
  const few = isGuided ? await findFew(sql, walk) : undefined;
  const shown = few === undefined ? raw.ref(order.column) : hidden(order.column, order.kind);
  const held = conditions.map((each) => (isGuided && each !== few ? each.hidden : each.plain));
  const from = after === undefined ? [] : [behind(shown, order, after)];
  const direction = order.isDescending ? raw`desc` : raw`asc`;
  const ordered = raw`order by ${shown} ${direction}, ${raw.ref("id")} ${direction}`;
  // From the beginning the list is counted on the way.
  const take = after === undefined ? Math.max(LIST_COUNT_MAX, limit) + 1 : limit + 1;
  const hits = raw`select ${raw.ref("id")}, ${shown} as ${raw.ref("key")} from ${raw.table(table)}
    where ${raw.join([...held, ...from], raw` and `)} ${ordered} limit ${raw.lit(take)}`;
  const answered =
    after === undefined
      ? raw<Hit>`with hits as materialized (${hits})
          select ${raw.ref("id")}, ${raw.ref("key")}, (select count(*) from hits) as found from hits
          order by ${raw.ref("key")} ${direction}, ${raw.ref("id")} ${direction} limit ${raw.lit(limit + 1)}`
      : raw<Hit>`${hits}`;
  const { rows } = await answered.execute(sql);
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return {
    ids: rows.slice(0, limit).map(({ id }) => id),
    next: last === undefined ? undefined : { key: order.kind === "number" ? Number(last.key) : last.key, id: last.id },
    count: after === undefined ? Number(rows[0]?.found ?? 0) : undefined,
  };
}

interface Hit {
  readonly id: string;
  readonly key: string | number;
  readonly found?: number | string;
}

function behind(shown: RawBuilder<unknown>, { isDescending }: ListOrder, { key, id }: ListPlace) {
  const beyond = isDescending ? raw`<` : raw`>`;
  return raw<boolean>`(${shown}, ${raw.ref("id")}) ${beyond} (${key}, ${id})`;
}

/** The condition that leaves the fewest rows, when its index has no more than `FEW`. */
async function findFew(sql: Sql, { table, conditions, few = FEW }: ListWalk): Promise<ListCondition | undefined> {
  let best: { condition: ListCondition; count: number } | undefined;
  for (const condition of conditions) {
    if (!condition.isIndexed) continue;
    const most = best?.count ?? few + 1;
    const { rows } = await raw<{ count: number | string }>`select count(*) as count from
      (select 1 as one from ${raw.table(table)} where ${condition.plain} limit ${raw.lit(most)}) as counted`.execute(
      sql,
    );
    const count = Number(rows[0]?.count ?? 0);
    if (count >= most) continue;
    best = { condition, count };
    if (count <= VERY_FEW) break;
  }
  return best?.condition;
}
