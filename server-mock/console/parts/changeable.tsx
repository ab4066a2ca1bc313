/** One value of a panel with its "(change)": turns into a field in place. */
import { Button, Group, TextInput, UnstyledButton } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { asApiError } from "../api/api-error.ts";
import { text } from "../messages/messages.ts";

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
  const [typed, setTyped] = useState<string>();
  /** As it was when the field was opened. */
  const [seen, setSeen] = useState(value);
  const [error, setError] = useState<string>();
  const [isSending, setIsSending] = useState(false);
  const close = () => {
    setTyped(undefined);
    setError(undefined);
  };
  if (typed === undefined)
    return (
      <Group gap="xs" wrap="wrap">
        <span>{shown ?? (value === "" ? <span aria-hidden="true">–</span> : <bdi>{value}</bdi>)}</span>
        {mayChange && (
          <UnstyledButton
            className="change-link"
            aria-label={`${text.common.change} ${label}`}
            onClick={() => {
              setTyped(value);
              setSeen(value);
            }}
          >
            ({text.common.change})
          </UnstyledButton>
        )}
      </Group>
    );
  const save = async () => {
    setIsSending(true);
    try {
      await onSave(typed.trim());
      close();
    } catch (thrown) {
      const { message, hint: next, status } = asApiError(thrown);
      setError(status === 412 ? `${text.common.conflict} ${text.common.conflictHint}` : `${message} ${next}`);
    } finally {
      setIsSending(false);
    }
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") close();
      }}
    >
      <Group gap="xs" align="flex-start">
        <TextInput
          aria-label={label}
          size="xs"
          autoFocus
          inputMode={inputMode}
          value={typed}
          error={error}
          description={value === seen ? hint : text.common.theirs(label, value)}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <Button size="xs" type="submit" loading={isSending}>
          {text.common.save}
        </Button>
        <Button size="xs" variant="default" onClick={close}>
          {text.common.cancel}
        </Button>
      </Group>
    </form>
  );
}
