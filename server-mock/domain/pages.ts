/** Lists, a page at a time: the cursor is the id behind which the next page begins. */
import { HoldfastError } from "../../protocol/errors.ts";
import type { PageOf } from "../records/records.ts";

export interface ListQuery {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export interface Page<View> {
  items: View[];
  next: string | null;
}

const ROW_ID = /^[0-9a-f-]{32,36}$/;

const notOurs = (): HoldfastError =>
  new HoldfastError("request/malformed", { reason: "cursor: not one of ours", field: "cursor" });

/** Throws `request/malformed` for a cursor that no page gave. `list` is asked for one row more than the page holds, to know whether there is another page. */
export async function pageOf<Row extends { id: string }, View>(
  query: ListQuery,
  list: (page: PageOf) => Promise<Row[]>,
  view: (row: Row) => View | Promise<View>,
): Promise<Page<View>> {
  const { limit, cursor } = query;
  if (cursor !== undefined && !ROW_ID.test(cursor)) throw notOurs();
  const rows = await list({ limit: limit + 1, after: cursor });
  return await toPage(rows, limit, (row) => row.id, view);
}

export async function numberedPageOf<Row, View>(
  query: ListQuery,
  list: (page: PageOf<number>) => Promise<Row[]>,
  numberOf: (row: Row) => number,
  view: (row: Row) => View,
): Promise<Page<View>> {
  if (query.cursor !== undefined && !/^\d{1,15}$/.test(query.cursor)) throw notOurs();
  const after = query.cursor === undefined ? undefined : Number(query.cursor);
  const rows = await list({ limit: query.limit + 1, after });
  return await toPage(rows, query.limit, (row) => String(numberOf(row)), view);
}

async function toPage<Row, View>(
  rows: readonly Row[],
  limit: number,
  cursorOf: (row: Row) => string,
  view: (row: Row) => View | Promise<View>,
): Promise<Page<View>> {
  const shown = rows.slice(0, limit);
  const items: View[] = [];
  for (const row of shown) items.push(await view(row));
  const last = shown.at(-1);
  return { items, next: rows.length > limit && last !== undefined ? cursorOf(last) : null };
}
