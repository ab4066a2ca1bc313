/** A storage limit in a panel or a row: `Set`, or the limit with `Edit` and `Remove`; what it may be is told before it is sent. */
import { Button, Group, TextInput, Tooltip, UnstyledButton } from "@mantine/core";
import { useState } from "react";
import { formatBytes } from "../../../base/format-bytes.ts";
import { text } from "../messages/messages.ts";
import { useConfirm } from "./confirm.tsx";
import { GB, inGigabytes, type Range, sizeRangeText, toGigabytes, wholeGigabytes } from "./gigabytes.ts";
import { notifyError } from "./notify.tsx";

export interface StorageLimitProps {
  /** What it limits, for labels: `User Storage Limit`, `Device Storage Limit of den`. */
  readonly label: string;
  /** null: none is set. */
  readonly limitBytes: number | null;
  /** undefined: not known (yet). */
  readonly allowed: Range | undefined;
  readonly mayChange: boolean;
  /** Shown when there is none and it may not be set. */
  readonly none: string;
  /** What happens without it. */
  readonly removal: string;
  /** Throws `ApiError`, which is shown beside the field. */
  readonly onSave: (limitBytes: number | null) => Promise<unknown>;
}

export function StorageLimit(props: StorageLimitProps) {
  const { label, limitBytes, allowed, mayChange, none, removal, onSave } = props;
  const [typed, setTyped] = useState<string>();
  const [error, setError] = useState<string>();
  const [isSending, setIsSending] = useState(false);
  const confirm = useConfirm();
  const range =
    allowed === undefined ? undefined : sizeRangeText({ ...allowed, minimum: Math.max(GB, allowed.minimum) });
  const close = () => {
    setTyped(undefined);
    setError(undefined);
  };
  const remove = async () => {
    const isWanted = await confirm({ title: text.common.removeLimit(label), body: removal, action: text.common.yes });
    if (!isWanted) return;
    await onSave(null).catch(notifyError);
  };
  const save = async (wanted: string) => {
    const bytes = wholeGigabytes(wanted);
    if (bytes === undefined) return setError(`${text.common.wholeGb} ${range ?? ""}`.trim());
    setIsSending(true);
    try {
      await onSave(bytes);
      close();
    } catch (thrown) {
      const { message, hint, status } = inGigabytes(thrown);
      setError(status === 412 ? `${text.common.conflict} ${text.common.conflictHint}` : `${message} ${hint}`);
    } finally {
      setIsSending(false);
    }
  };
  const link = (name: string, onClick: () => void) => (
    <UnstyledButton className="change-link" aria-label={`${name} ${label}`} onClick={onClick}>
      {name}
    </UnstyledButton>
  );
  if (typed === undefined)
    return (
      <Group gap="xs" wrap="wrap">
        <Tooltip label={range} disabled={range === undefined}>
          {limitBytes === null ? (
            mayChange ? (
              link(text.common.set, () => setTyped(""))
            ) : (
              <span>{none}</span>
            )
          ) : (
            <span>{formatBytes(limitBytes)}</span>
          )}
        </Tooltip>
        {limitBytes !== null && mayChange && (
          <>
            {link(text.common.edit, () => setTyped(String(toGigabytes(limitBytes))))}
            {link(text.common.remove, () => void remove())}
          </>
        )}
      </Group>
    );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void save(typed);
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") close();
      }}
    >
      <Group gap="xs" align="flex-start">
        <TextInput
          aria-label={`${label}, GB`}
          size="xs"
          w={190}
          autoFocus
          inputMode="numeric"
          rightSection="GB"
          value={typed}
          error={error}
          description={range}
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
