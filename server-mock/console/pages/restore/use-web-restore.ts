/**
 * The machine's backups, opened by the service for whoever looks, and closed when the page is left. Each opening leaves rows in Restores and in the audit:
 * a reload goes on with the one that is open.
 */
import { type UseQueryResult, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import type { WebRestoreView } from "../../../../protocol/messages/web-restore.ts";
import type { ApiError } from "../../api/api-error.ts";
import { call } from "../../api/client.ts";
import { useSession } from "../../session/session.tsx";

export interface WebRestore {
  readonly opened: UseQueryResult<WebRestoreView, ApiError>;
  /** After the service has let go of the key. */
  openAgain(): void;
}

export function useWebRestore(
  machine: string,
  { purpose, when }: { readonly purpose: "browse" | "restore"; readonly when: boolean },
): WebRestore {
  const client = useQueryClient();
  const { account } = useSession();
  const kept = `holdfast.web-restore.${account.id}.${machine}.${purpose}`;
  const queryKey = ["web-restore", machine, purpose];
  const opened = useQuery<WebRestoreView, ApiError>({
    queryKey,
    queryFn: async () => {
      const before = stillOpen(kept);
      if (before !== undefined) return before;
      const made = await call("openWebRestore", { params: { machine }, body: { purpose } });
      sessionStorage.setItem(kept, JSON.stringify(made));
      return made;
    },
    enabled: when,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  const id = opened.data?.id;
  useEffect(() => {
    if (id === undefined) return;
    return () => {
      sessionStorage.removeItem(kept);
      // It ends by itself, too.
      void call("closeWebRestore", { params: { webRestore: id } }).catch(() => undefined);
    };
  }, [id, kept]);
  return {
    opened,
    openAgain() {
      sessionStorage.removeItem(kept);
      void client.resetQueries({ queryKey });
    },
  };
}

function stillOpen(kept: string): WebRestoreView | undefined {
  const text = sessionStorage.getItem(kept);
  if (text === null) return undefined;
  const before = JSON.parse(text) as WebRestoreView; // Written above.
  return Date.parse(before.expiresAt) > Date.now() ? before : undefined;
}

/** The service has let go of the key. */
export const hasEnded = (error: ApiError | null): boolean =>
  error !== null && ["restore/ended", "restore/missing"].includes(error.code);
