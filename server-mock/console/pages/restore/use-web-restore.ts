/** The machine's backups, opened by the service for whoever looks, and closed when the page is left. */
import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import type { WebRestoreView } from "../../../../protocol/messages/web-restore.ts";
import type { ApiError } from "../../api/api-error.ts";
import { call } from "../../api/client.ts";

export function useWebRestore(
  machine: string,
  { purpose, when }: { readonly purpose: "browse" | "restore"; readonly when: boolean },
): UseQueryResult<WebRestoreView, ApiError> {
  const opened = useQuery<WebRestoreView, ApiError>({
    queryKey: ["web-restore", machine, purpose],
    queryFn: () => call("openWebRestore", { params: { machine }, body: { purpose } }),
    enabled: when,
    // Each opening leaves rows in Restores and in the audit: only when somebody asks, or the last one has ended.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  const id = opened.data?.id;
  useEffect(() => {
    if (id === undefined) return;
    return () => {
      // It ends by itself, too.
      void call("closeWebRestore", { params: { webRestore: id } }).catch(() => undefined);
    };
  }, [id]);
  return opened;
}

/** The service has let go of the key. */
export const hasEnded = (error: ApiError | null): boolean =>
  error !== null && ["restore/ended", "restore/missing"].includes(error.code);
