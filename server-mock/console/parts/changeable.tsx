/** One value of a panel with its "(change)": turns into a field in place. */
import { TextInput } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { text } from "../messages/messages.ts";
import { ChangeableValue, InPlaceForm } from "./in-place-form.tsx";
import { useInPlace } from "./use-in-place.ts";

export interface ChangeableProps {
  /** What it is, for the field's label. */
  readonly label: string;
  readonly value: string;
  /** Instead of the value while it is only shown. */
  readonly shown?: ReactNode;
  /** False: only shown. */
  readonly mayChange: boolean;
  /** What may be entered, below the field. */
  readonly hint?: string;
  readonly inputMode?: "text" | "numeric" | "email";
  /** Throws `ApiError`, which is shown beside the field. */
  readonly onSave: (value: string) => Promise<unknown>;
}

export function Changeable({ label, value, shown, mayChange, hint, inputMode = "text", onSave }: ChangeableProps) {
  const edit = useInPlace({ save: (typed) => onSave(typed.trim()) });
  /** As it was when the field was opened. */
  const [seen, setSeen] = useState(value);
  if (edit.typed === undefined)
    return (
      <ChangeableValue
        label={label}
        mayChange={mayChange}
        onChange={() => {
          edit.open(value);
          setSeen(value);
        }}
      >
        {shown ?? (value === "" ? <span aria-hidden="true">–</span> : <bdi>{value}</bdi>)}
      </ChangeableValue>
    );
  return (
    <InPlaceForm edit={edit}>
      <TextInput
        aria-label={label}
        size="xs"
        autoFocus
        inputMode={inputMode}
        value={edit.typed}
        error={edit.error}
        description={value === seen ? hint : text.common.theirs(label, value)}
        onChange={(event) => edit.type(event.currentTarget.value)}
      />
    </InPlaceForm>
  );
}
