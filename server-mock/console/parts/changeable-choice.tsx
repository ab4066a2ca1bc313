/** Like `Changeable`, for one of several. */
import { NativeSelect } from "@mantine/core";
import type { ReactNode } from "react";
import { ChangeableValue, InPlaceForm } from "./in-place-form.tsx";
import { useInPlace } from "./use-in-place.ts";

export interface ChangeableChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  readonly shown: ReactNode;
  readonly mayChange: boolean;
  readonly hint?: string;
  /** Throws `ApiError`, which is shown beside the field. */
  readonly onSave: (value: string) => Promise<unknown>;
}

export function ChangeableChoice(props: ChangeableChoiceProps) {
  const { label, value, options, shown, mayChange, hint, onSave } = props;
  const edit = useInPlace({ save: onSave });
  if (edit.typed === undefined)
    return (
      <ChangeableValue label={label} mayChange={mayChange} onChange={() => edit.open(value)}>
        {shown}
      </ChangeableValue>
    );
  return (
    <InPlaceForm edit={edit}>
      <NativeSelect
        aria-label={label}
        size="xs"
        autoFocus
        value={edit.typed}
        data={[...options]}
        error={edit.error}
        description={hint}
        onChange={(event) => edit.type(event.currentTarget.value)}
      />
    </InPlaceForm>
  );
}
