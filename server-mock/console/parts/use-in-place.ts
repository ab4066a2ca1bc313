/** A value that is edited where it stands: what is typed, whether it is being sent, and what was wrong with it. */
import { useState } from "react";
import { asApiError } from "../api/api-error.ts";
import { text } from "../messages/messages.ts";

export interface InPlace {
  /** undefined: only shown. */
  readonly typed: string | undefined;
  readonly error: string | undefined;
  readonly isSending: boolean;
  readonly open: (value: string) => void;
  readonly type: (value: string) => void;
  readonly close: () => void;
  readonly submit: () => void;
}

interface InPlaceOptions {
  /** What keeps it from being sent; undefined: nothing. */
  readonly problemOf?: (typed: string) => string | undefined;
  /** Throws `ApiError`, which is shown beside the field with what was typed; otherwise the field is closed. */
  readonly save: (typed: string) => Promise<unknown>;
}

export function useInPlace({ problemOf, save }: InPlaceOptions): InPlace {
  const [typed, setTyped] = useState<string>();
  const [error, setError] = useState<string>();
  const [isSending, setIsSending] = useState(false);
  const close = () => {
    setTyped(undefined);
    setError(undefined);
  };
  const send = async (wanted: string) => {
    const problem = problemOf?.(wanted);
    if (problem !== undefined) return setError(problem);
    setIsSending(true);
    try {
      await save(wanted);
      close();
    } catch (thrown) {
      const { message, hint, status } = asApiError(thrown);
      setError(status === 412 ? `${text.common.conflict} ${text.common.conflictHint}` : `${message} ${hint}`);
    } finally {
      setIsSending(false);
    }
  };
  return {
    typed,
    error,
    isSending,
    open: setTyped,
    type: setTyped,
    close,
    submit: () => {
      if (typed !== undefined) void send(typed);
    },
  };
}
