/** Reading and changing, for components. What was changed is read again wherever it is shown. */
import {
  keepPreviousData,
  type UseMutationResult,
  type UseQueryResult,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { useRef } from "react";
import type { RouteName } from "../../../protocol/routes.ts";
import { ApiError } from "./api-error.ts";
import { type Answer, type CallOptions, call } from "./client.ts";

export interface ReadOptions {
  /** False: not yet. */
  readonly when?: boolean;
  /** Asked again so often while the page is seen, in milliseconds. */
  readonly everyMs?: number | false;
  /** What was shown stays until the next answer is there: pages of a list. */
  readonly keepShown?: boolean;
}

export function useRead<Name extends RouteName>(
  name: Name,
  options: Omit<CallOptions<Name>, "signal" | "body"> = {},
  { when = true, everyMs = false, keepShown = false }: ReadOptions = {},
): UseQueryResult<Answer<Name>, ApiError> {
  return useQuery<Answer<Name>, ApiError>({
    queryKey: [name, options],
    queryFn: ({ signal }) => call(name, { ...options, signal }),
    enabled: when,
    refetchInterval: everyMs,
    ...(keepShown ? { placeholderData: keepPreviousData } : {}),
  });
}

export interface ActOptions<Name extends RouteName> {
  readonly onDone?: (answer: Answer<Name>) => void;
  /** False: nothing that is shown now is read again, as it may be gone; what is shown next is. */
  readonly rereads?: boolean;
}

export function useAct<Name extends RouteName>(
  name: Name,
  { onDone, rereads = true }: ActOptions<Name> = {},
): UseMutationResult<Answer<Name>, ApiError, CallOptions<Name>> {
  const client = useQueryClient();
  /** Nobody knows whether it was done: asked for again it is the same act. */
  const unsure = useRef<{ readonly asked: string; readonly key: string }>(undefined);
  return useMutation<Answer<Name>, ApiError, CallOptions<Name>>({
    mutationFn: (options) => {
      const asked = JSON.stringify(options);
      const key = unsure.current?.asked === asked ? unsure.current.key : crypto.randomUUID();
      unsure.current = { asked, key };
      return call(name, { idempotencyKey: key, ...options });
    },
    onSuccess: async (answer) => {
      unsure.current = undefined;
      onDone?.(answer);
      await client.invalidateQueries({ refetchType: rereads ? "active" : "none" });
    },
    // Somebody else was quicker: what is shown is old.
    onError: async (error) => {
      if (error.status !== 0 && error.status < 500) unsure.current = undefined;
      if (error.status === 409 || error.status === 412) await client.invalidateQueries();
    },
  });
}

/** No answer gets better by asking again, but one that never came. */
export const retryOf = (failures: number, error: unknown): boolean =>
  failures < 2 && error instanceof ApiError && (error.status === 0 || error.status >= 500);
