/** To whom machines go: a user, found by a part of the email or name. */
import { Button, Combobox, Group, Modal, Stack, Text, TextInput, useCombobox } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { type ApiError, asApiError } from "../../api/api-error.ts";
import { useRead } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import { ErrorBox } from "../../parts/error-box.tsx";
import { NameText } from "../../parts/name-text.tsx";

export interface NewOwner {
  readonly id: string;
  readonly email: string;
}

export interface MoveDialogProps {
  readonly title: string;
  /** Of the machines; machines don't leave it. For top-level admins, who see all. */
  readonly organization?: string | undefined;
  readonly onClose: () => void;
  /** Throws `ApiError`, which is shown. */
  readonly onMove: (to: NewOwner) => Promise<unknown>;
}

export function MoveDialog({ title, organization, onClose, onMove }: MoveDialogProps) {
  const [owner, setOwner] = useState<NewOwner>();
  const [missing, setMissing] = useState<string>();
  const [failure, setFailure] = useState<ApiError>();
  const [isSending, setIsSending] = useState(false);
  const send = async () => {
    if (owner === undefined) return setMissing(text.machines.newOwnerNeeded);
    setIsSending(true);
    setFailure(undefined);
    try {
      await onMove(owner);
    } catch (thrown) {
      setFailure(asApiError(thrown));
      setIsSending(false);
    }
  };
  return (
    <Modal opened onClose={onClose} title={title}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <Stack gap="md">
          <Text size="sm">{text.machines.moveHint}</Text>
          {failure && <ErrorBox error={failure} />}
          <UserChoice
            organization={organization}
            error={missing}
            onChoose={(chosen) => {
              setOwner(chosen);
              setMissing(undefined);
            }}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {text.common.cancel}
            </Button>
            <Button type="submit" loading={isSending}>
              {text.machines.moveDo}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

interface UserChoiceProps {
  readonly organization: string | undefined;
  readonly error: string | undefined;
  /** undefined: what was typed is nobody yet. */
  readonly onChoose: (user: NewOwner | undefined) => void;
}

const SHOWN = 8;
const TYPED_MS = 250;

function UserChoice({ organization, error, onChoose }: UserChoiceProps) {
  const [typed, setTyped] = useState("");
  const [asked] = useDebouncedValue(typed.trim(), TYPED_MS);
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  const query = {
    filter: "active",
    sort: "user",
    limit: SHOWN,
    ...(organization === undefined ? {} : { organization }),
    ...(asked === "" ? {} : { search: asked, full: true }),
  };
  const found = useRead("listUsers", { query }, { keepShown: true });
  const users = found.data?.items ?? [];
  return (
    <Combobox
      store={combobox}
      onOptionSubmit={(id) => {
        const user = users.find((each) => each.id === id);
        onChoose(user);
        setTyped(user?.email ?? "");
        combobox.closeDropdown();
      }}
    >
      <Combobox.Target>
        <TextInput
          label={text.machines.newOwner}
          description={text.machines.newOwnerHint}
          error={error ?? (found.error === null ? undefined : found.error.message)}
          value={typed}
          data-autofocus
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            onChoose(undefined);
            combobox.openDropdown();
            combobox.updateSelectedOptionIndex();
          }}
          onClick={() => combobox.openDropdown()}
          onBlur={() => combobox.closeDropdown()}
        />
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Options aria-label={text.machines.newOwner}>
          {users.map(({ id, email, name, shown }) => (
            <Combobox.Option key={id} value={id}>
              <NameText value={email} />
              <Text size="xs" c="dimmed" component="span" display="block">
                <NameText value={name} /> · <NameText value={shown.group} />
              </Text>
            </Combobox.Option>
          ))}
          {found.data !== undefined && users.length === 0 && (
            <Combobox.Empty>{text.machines.newOwnerNone}</Combobox.Empty>
          )}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
