/**
 * A form whose answers are the service's. An error stands beside the field that it means; what was typed outlives a reload (not passwords); whoever was
 * quicker is shown, and nothing typed is lost.
 */
import { type UseFormInput, type UseFormReturnType, useForm } from "@mantine/form";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { type ApiError, asApiError, refusalsOf } from "../api/api-error.ts";

export interface ApiFormOptions<Values extends Record<string, unknown>> {
  /** Names the draft that is kept in this tab; absent: none is (a dialog of one field). */
  readonly draft?: string;
  readonly initial: Values;
  readonly validate?: NonNullable<UseFormInput<Values>["validate"]>;
  /** Never kept. */
  readonly secret?: readonly (keyof Values & string)[];
  /** The API's name of a field → the form's, where they differ. The longest that fits counts: `devices` is also `devices.desktop`. */
  readonly fields?: Readonly<Record<string, string>>;
}

export interface ApiForm<Values extends Record<string, unknown>> extends UseFormReturnType<Values> {
  /** What no field is to blame for. */
  readonly failure: ApiError | undefined;
  readonly isSending: boolean;
  /** What is shown was typed before a reload. */
  readonly isRestored: boolean;
  /** Forgets what was typed. */
  startAfresh(): void;
  /** For `<form onSubmit>`. A promise that fails with an `ApiError` ends up beside its field. */
  sending(send: (values: Values) => Promise<unknown>): (event?: FormEvent<HTMLFormElement>) => void;
}

export function useApiForm<Values extends Record<string, unknown>>(options: ApiFormOptions<Values>): ApiForm<Values> {
  const { draft, initial, validate, secret = [], fields = {} } = options;
  const [kept] = useState(() => (draft === undefined ? undefined : readDraft<Values>(draft)));
  const [isRestored, setIsRestored] = useState(kept !== undefined);
  const [failure, setFailure] = useState<ApiError>();
  const [isSending, setIsSending] = useState(false);
  /** As it was last saved: needs no draft, even if this page doesn't show it yet. */
  const saved = useRef("");
  const form = useForm<Values>({
    initialValues: kept === undefined ? initial : { ...initial, ...kept },
    ...(validate === undefined ? {} : { validate }),
  });
  const { values } = form;
  useEffect(() => {
    if (draft === undefined) return;
    const toKeep = Object.fromEntries(Object.entries(values).filter(([key]) => !secret.includes(key)));
    const now = JSON.stringify(values);
    if (now === saved.current || now === JSON.stringify(initial)) sessionStorage.removeItem(keyOf(draft));
    else sessionStorage.setItem(keyOf(draft), JSON.stringify(toKeep));
  });
  const forget = () => {
    if (draft !== undefined) sessionStorage.removeItem(keyOf(draft));
    setIsRestored(false);
  };
  return {
    ...form,
    failure,
    isSending,
    isRestored,
    startAfresh() {
      forget();
      form.setValues(initial);
      form.clearErrors();
      setFailure(undefined);
    },
    sending: (send) =>
      form.onSubmit(async (given) => {
        setFailure(undefined);
        setIsSending(true);
        try {
          await send(given);
          saved.current = JSON.stringify(given);
          forget();
        } catch (thrown) {
          const error = asApiError(thrown);
          const refused = refusalsOf(error).map(({ field, says }) => [fieldOf(field, values, fields), says] as const);
          const [[first] = []] = refused;
          // What this form has no field for is said above it.
          if (first === undefined || refused.some(([field]) => field === undefined)) setFailure(error);
          for (const [field, says] of refused) if (field !== undefined) form.setFieldError(field, says);
          if (first !== undefined) form.getInputNode(first)?.focus();
        } finally {
          setIsSending(false);
        }
      }),
  };
}

/** The form's field that the API means; undefined: none of this form. */
function fieldOf(
  named: string,
  values: Readonly<Record<string, unknown>>,
  fields: Readonly<Record<string, string>>,
): string | undefined {
  const known = Object.keys(fields)
    .filter((each) => named === each || named.startsWith(`${each}.`))
    .sort((a, b) => b.length - a.length)[0];
  if (known !== undefined) return `${fields[known]}${named.slice(known.length)}`;
  return (named.split(".")[0] ?? "") in values ? named : undefined;
}

const keyOf = (draft: string): string => `holdfast.draft.${draft}`;

function readDraft<Values>(draft: string): Partial<Values> | undefined {
  try {
    const kept = sessionStorage.getItem(keyOf(draft));
    return kept === null ? undefined : (JSON.parse(kept) as Partial<Values>); // Written by this very form.
  } catch {
    return undefined;
  }
}
