/** What a file would do: asked whenever the file or the choices change; of two answers on their way the newer counts. */
import { useEffect, useState } from "react";
import type { UserImportResult } from "../../../../../protocol/messages/lists.ts";
import { type ApiError, asApiError } from "../../../api/api-error.ts";
import { call } from "../../../api/client.ts";

export interface DryRun {
  readonly answer: UserImportResult | undefined;
  readonly error: ApiError | undefined;
  readonly isPending: boolean;
  retry(): void;
}

interface Choices {
  readonly allOrNothing: boolean;
  readonly sendInstructions: boolean;
  readonly group?: string;
}

export function useDryRun(file: File | undefined, { allOrNothing, sendInstructions, group }: Choices): DryRun {
  const [state, setState] = useState<Omit<DryRun, "retry">>(NOTHING);
  const [attempt, setAttempt] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `attempt` asks once more.
  useEffect(() => {
    if (file === undefined) return setState(NOTHING);
    const ended = new AbortController();
    const { signal } = ended;
    setState({ ...NOTHING, isPending: true });
    const query = { allOrNothing, sendInstructions, group, dryRun: true };
    call("importUsers", { query, body: file, signal })
      .then((answer) => {
        if (!signal.aborted) setState({ ...NOTHING, answer });
      })
      .catch((error: unknown) => {
        if (!signal.aborted) setState({ ...NOTHING, error: asApiError(error) });
      });
    return () => ended.abort();
  }, [file, allOrNothing, sendInstructions, group, attempt]);
  return { ...state, retry: () => setAttempt((count) => count + 1) };
}

const NOTHING = { answer: undefined, error: undefined, isPending: false } as const;
