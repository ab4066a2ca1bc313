/** What a value turns into while it is edited where it stands: its field with `Save` and `Cancel`; Escape cancels. */
import { Button, Group, UnstyledButton } from "@mantine/core";
import type { ComponentProps, ReactNode } from "react";
import { text } from "../messages/messages.ts";
import type { InPlace } from "./use-in-place.ts";

interface InPlaceFormProps {
  readonly edit: InPlace;
  /** The field. */
  readonly children: ReactNode;
}

export function InPlaceForm({ edit, children }: InPlaceFormProps) {
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        edit.submit();
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") edit.close();
      }}
    >
      <Group gap="xs" align="flex-start">
        {children}
        <Button size="xs" type="submit" loading={edit.isSending}>
          {text.common.save}
        </Button>
        <Button size="xs" variant="default" onClick={edit.close}>
          {text.common.cancel}
        </Button>
      </Group>
    </form>
  );
}

interface ChangeLinkProps extends ComponentProps<"button"> {
  /** Of what, for those who don't see where it stands. */
  readonly label: string;
}

/** Opens the field. What a tooltip adds goes to the button. */
export const ChangeLink = ({ label, ...button }: ChangeLinkProps) => (
  <UnstyledButton {...button} className="change-link" aria-label={label} />
);

interface ChangeableValueProps {
  readonly label: string;
  readonly mayChange: boolean;
  readonly onChange: () => void;
  readonly children: ReactNode;
}

/** A value with its "(change)". */
export function ChangeableValue({ label, mayChange, onChange, children }: ChangeableValueProps) {
  return (
    <Group gap="xs" wrap="wrap">
      <span>{children}</span>
      {mayChange && (
        <ChangeLink label={`${text.common.change} ${label}`} onClick={onChange}>
          ({text.common.change})
        </ChangeLink>
      )}
    </Group>
  );
}
