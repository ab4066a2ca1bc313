/** What a list shows: search, filter, order stand in the address, so that a link, a reload and the way back show the same. */
import { useMemo, useState } from "react";
import { useLocation, useSearch } from "wouter";

export interface ListState {
  /** For the list's query: choice, page and size. */
  readonly query: Readonly<Record<string, string>>;
  /** Without page and size: for the CSV file of the same list. */
  readonly choice: Readonly<Record<string, string>>;
  readonly search: string;
  readonly isFull: boolean;
  /** Something was searched for or chosen. */
  readonly isNarrowed: boolean;
  readonly sort: { readonly by: string; readonly order: "asc" | "desc" } | undefined;
  readonly limit: number;
  /** From 1. */
  readonly page: number;
  /** Pages that can be gone back to, and this one. */
  readonly pagesSeen: number;
  /** Empty texts leave it out. Goes to the first page. */
  set(changes: Readonly<Record<string, string | undefined>>): void;
  onSort(by: string, order: "asc" | "desc"): void;
  /** Nothing but `keep` and the order is left. */
  clear(): void;
  goTo(page: number, next?: string | null): void;
  setLimit(limit: number): void;
}

const LIMIT = 50;
const ORDER_KEYS: readonly string[] = ["sort", "order"];

export interface ListOptions {
  /** Keys of the query that this list knows; others in the address are not sent. */
  readonly keys: readonly string[];
  readonly sort?: { readonly by: string; readonly order: "asc" | "desc" };
  /** Always asked for: `{ user: id }`. */
  readonly fixed?: Readonly<Record<string, string>>;
}

const NOTHING: Readonly<Record<string, string>> = {};

export function useList({ keys, sort: usual, fixed = NOTHING }: ListOptions): ListState {
  const address = useSearch();
  const [path, navigate] = useLocation();
  const [limit, setLimit] = useState(LIMIT);
  // Where pages begin that were reached: cursors only lead on.
  const [turned, setTurned] = useState<{ of: string; cursors: readonly string[]; page: number }>({
    of: "",
    cursors: [],
    page: 1,
  });
  const params = useMemo(() => new URLSearchParams(address), [address]);
  const chosen: Record<string, string> = {};
  for (const key of [...keys, ...ORDER_KEYS]) {
    const value = params.get(key);
    if (value !== null && value !== "") chosen[key] = value;
  }
  const sort =
    chosen.sort === undefined
      ? usual
      : { by: chosen.sort, order: chosen.order === "desc" ? ("desc" as const) : ("asc" as const) };
  const choice = { ...fixed, ...chosen, ...(sort === undefined ? {} : { sort: sort.by, order: sort.order }) };
  const of = `${JSON.stringify(choice)} ${limit}`;
  const { cursors, page } = turned.of === of ? turned : { cursors: [], page: 1 };
  const cursor = cursors[page - 2];
  const write = (next: Readonly<Record<string, string>>) => {
    const query = new URLSearchParams(Object.entries(next).filter(([, value]) => value !== ""));
    navigate(query.size === 0 ? path : `${path}?${query}`, { replace: true });
  };
  return {
    query: { ...choice, limit: String(limit), ...(cursor === undefined ? {} : { cursor }) },
    choice,
    search: chosen.search ?? "",
    isFull: chosen.full === "true",
    isNarrowed: Object.keys(chosen).some((key) => key !== "full" && !ORDER_KEYS.includes(key)),
    sort,
    limit,
    page,
    pagesSeen: cursors.length + 1,
    set: (changes) =>
      write(Object.fromEntries(Object.entries({ ...chosen, ...changes }).map(([key, value]) => [key, value ?? ""]))),
    onSort: (by, order) => write({ ...chosen, sort: by, order }),
    clear: () =>
      write(Object.fromEntries(ORDER_KEYS.flatMap((key) => (chosen[key] === undefined ? [] : [[key, chosen[key]]])))),
    goTo(target, next) {
      const known = next && target === cursors.length + 2 ? [...cursors, next] : cursors;
      setTurned({ of, cursors: known, page: target });
    },
    setLimit,
  };
}
