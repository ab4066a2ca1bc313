import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import type { SnapshotView } from "../../../../protocol/messages/records.ts";
import type { ApiError } from "../../api/api-error.ts";
import { type Answer, call } from "../../api/client.ts";

const LIMIT = 500;

export interface Snapshots {
  /** Newest first, as far as they are there; undefined: none yet. */
  readonly all: readonly SnapshotView[] | undefined;
  readonly isWhole: boolean;
  readonly error: ApiError | null;
  refetch(): unknown;
}

/** All snapshots that can be restored: retention keeps them few. */
export function useSnapshots(machine: string, { when }: { readonly when: boolean }): Snapshots {
  const { data, error, hasNextPage, isFetching, fetchNextPage, refetch } = useInfiniteQuery({
    queryKey: ["listMachineSnapshots", "all", machine],
    queryFn: ({ pageParam, signal }) =>
      call("listMachineSnapshots", { params: { machine }, query: { limit: LIMIT, cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }: Answer<"listMachineSnapshots">) => next ?? undefined,
    enabled: when,
  });
  useEffect(() => {
    if (hasNextPage && !isFetching && error === null) void fetchNextPage();
  }, [hasNextPage, isFetching, error, fetchNextPage]);
  const all = useMemo(() => data?.pages.flatMap(({ items }) => items), [data]);
  return { all, isWhole: data !== undefined && !hasNextPage, error: error as ApiError | null, refetch };
}
