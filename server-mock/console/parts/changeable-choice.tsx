/** Like `Changeable`, for one of several. */
import { Button, Group, NativeSelect, UnstyledButton } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { asApiError } from "../api/api-error.ts";
import { text } from "../messages/messages.ts";

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
  const [chosen, setChosen] = useState<string>();
  const [error, setError] = useState<string>();
  const [isSending, setIsSending] = useState(false);
  const close = () => {
    setChosen(undefined);
    setError(undefined);
  };
  if (chosen === undefined)
    return (
      <Group gap="xs" wrap="wrap">
        <span>{shown}</span>
        {mayChange && (
          <UnstyledButton
            className="change-link"
            aria-label={`${text.common.change} ${label}`}
            onClick={() => setChosen(value)}
          >
            ({text.common.change})
          </UnstyledButton>
        )}
      </Group>
    );
  const save = async () => {
    setIsSending(true);
    try {
      await onSave(chosen);
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
        <NativeSelect
          aria-label={label}
          size="xs"
          autoFocus
          value={chosen}
          data={[...options]}
          error={error}
          description={hint}
          onChange={(event) => setChosen(event.currentTarget.value)}
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
