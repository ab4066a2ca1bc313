/** A page of a list for a person, and all pages for a file. */
import { LIST_COUNT_MAX } from "../../../protocol/messages/lists.ts";
import type { ListAsk, ListFound } from "../../records/lists.ts";
import { encodeCursor, parseCursor } from "./cursor.ts";

const FILE_PAGE = 500;
/** All others hold numbers. */
const TEXT_SORTS: ReadonlySet<string> = new Set(["external-id", "user", "name", "machine", "group"]);

export interface ListedPage<Item> {
  items: Item[];
  next: string | null;
  total: { count: number; isExact: boolean } | null;
}

type Asked<Sort, Filter> = Pick<ListAsk<Sort, Filter>, "sort" | "isDescending" | "filter">;
type Find<Sort, Filter, Row> = (ask: ListAsk<Sort, Filter>) => Promise<ListFound<Row>>;

/** `choice`: the question as it was asked, which the cursor is bound to; instants in the filter go on, so it is not bound to them. */
export async function listPage<Sort extends string, Filter, Row, Item>(
  asked: Asked<Sort, Filter>,
  { limit, cursor, ...choice }: { readonly limit: number; readonly cursor?: string | undefined },
  find: Find<Sort, Filter, Row>,
  view: (rows: readonly Row[]) => Promise<Item[]>,
): Promise<ListedPage<Item>> {
  const { sort, isDescending } = asked;
  const list = { ...choice, sort, isDescending };
  const keyType = TEXT_SORTS.has(sort) ? "text" : "number";
  const after = cursor === undefined ? undefined : parseCursor(cursor, list, keyType);
  const found = await find({ ...asked, limit, after });
  return {
    items: await view(found.rows),
    next: found.next === undefined ? null : encodeCursor(found.next, list),
    total:
      found.count === undefined
        ? null
        : { count: Math.min(found.count, LIST_COUNT_MAX), isExact: found.count <= LIST_COUNT_MAX },
  };
}

/** To the end. */
export async function* listPages<Sort, Filter, Row>(
  asked: Asked<Sort, Filter>,
  find: Find<Sort, Filter, Row>,
): AsyncGenerator<readonly Row[]> {
  let found = await find({ ...asked, limit: FILE_PAGE });
  yield found.rows;
  while (found.next !== undefined) {
    found = await find({ ...asked, limit: FILE_PAGE, after: found.next });
    yield found.rows;
  }
}
