/** A folder as it was, or what a search finds, page by page as far as somebody scrolls. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { EntriesResponse, EntryView, SearchResponse } from "../../../../protocol/messages/web-restore.ts";
import type { ApiError } from "../../api/api-error.ts";
import { call } from "../../api/client.ts";
import { ROOT } from "./spelled-path.ts";
import type { Place } from "./use-place.ts";

const LIMIT = 1000;
/** With sizes as they are stored and times of backup, which cost the service more. */
const DETAILED_LIMIT = 200;

export interface Entries {
  readonly rows: readonly EntryView[] | undefined;
  /** The snapshot that the rows are of. */
  readonly snapshot: EntriesResponse["snapshot"] | undefined;
  readonly isWhole: boolean;
  readonly isFetching: boolean;
  /** Of a search: entries that it has gone through. */
  readonly looked: number | undefined;
  readonly lookedBack: EntriesResponse["lookedBack"];
  readonly error: ApiError | null;
  more(): void;
  refetch(): unknown;
}

export interface EntriesWanted {
  /** Of the opened backups; undefined: not yet. */
  readonly webRestore: string | undefined;
  readonly place: Place;
  readonly hasDetails: boolean;
}

export function useEntries({ webRestore = "", place, hasDetails }: EntriesWanted): Entries {
  const { snapshot, at, folder, search, isBelowHere, hasDeleted, order } = place;
  const which = snapshot === undefined ? (at === undefined ? {} : { at }) : { snapshot };
  const listing = { ...which, folder, order, includeDeleted: hasDeleted, details: hasDetails };
  const seeking = { ...which, pattern: search, folder: isBelowHere ? folder : ROOT, includeDeleted: hasDeleted };
  const wanted = search === "" ? listing : seeking;
  const { data, error, hasNextPage, isFetching, fetchNextPage, refetch } = useInfiniteQuery<
    EntriesResponse | SearchResponse,
    ApiError,
    { readonly pages: (EntriesResponse | SearchResponse)[] },
    readonly unknown[],
    string | undefined
  >({
    queryKey: ["entries", webRestore, wanted],
    queryFn: ({ pageParam, signal }) => {
      const page = { ...(pageParam === undefined ? {} : { cursor: pageParam }) };
      const params = { webRestore };
      return search === ""
        ? call("listEntries", {
            params,
            body: { ...listing, ...page, limit: hasDetails ? DETAILED_LIMIT : LIMIT },
            signal,
          })
        : call("searchEntries", { params, body: { ...seeking, ...page, limit: DETAILED_LIMIT }, signal });
    },
    initialPageParam: undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    enabled: webRestore !== "",
    // A snapshot never changes.
    staleTime: Number.POSITIVE_INFINITY,
    // Comparing 100,000 rows with themselves takes longer than drawing them.
    structuralSharing: false,
  });
  const rows = useMemo(() => data?.pages.flatMap<EntryView>(({ items }) => items), [data]);
  const last = data?.pages.at(-1);
  return {
    rows,
    snapshot: last?.snapshot,
    isWhole: data !== undefined && !hasNextPage,
    isFetching,
    looked: data?.pages.reduce<number | undefined>(
      (sum, page) => ("looked" in page ? (sum ?? 0) + page.looked : sum),
      undefined,
    ),
    lookedBack: last?.lookedBack ?? null,
    error,
    more() {
      if (hasNextPage && !isFetching && error === null) void fetchNextPage();
    },
    refetch,
  };
}
