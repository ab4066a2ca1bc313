/** A storage limit in a panel or a row: `Set`, or the limit with `Edit` and `Remove`; what it may be is told before it is sent. */
import { Group, TextInput, Tooltip } from "@mantine/core";
import { formatBytes } from "../../../base/format-bytes.ts";
import { text } from "../messages/messages.ts";
import { useConfirm } from "./confirm.tsx";
import { GB, inGigabytes, type Range, sizeRangeText, toGigabytes, wholeGigabytes } from "./gigabytes.ts";
import { ChangeLink, InPlaceForm } from "./in-place-form.tsx";
import { notifyError } from "./notify.tsx";
import { useInPlace } from "./use-in-place.ts";

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
  const confirm = useConfirm();
  const range =
    allowed === undefined ? undefined : sizeRangeText({ ...allowed, minimum: Math.max(GB, allowed.minimum) });
  const edit = useInPlace({
    problemOf: (typed) =>
      wholeGigabytes(typed) === undefined ? `${text.common.wholeGb} ${range ?? ""}`.trim() : undefined,
    save: (typed) =>
      onSave(wholeGigabytes(typed) ?? null).catch((thrown: unknown) => {
        throw inGigabytes(thrown);
      }),
  });
  const remove = async () => {
    const isWanted = await confirm({ title: text.common.removeLimit(label), body: removal, action: text.common.yes });
    if (!isWanted) return;
    await onSave(null).catch(notifyError);
  };
  const link = (name: string, onClick: () => void) => (
    <ChangeLink label={`${name} ${label}`} onClick={onClick}>
      {name}
    </ChangeLink>
  );
  if (edit.typed === undefined)
    return (
      <Group gap="xs" wrap="wrap">
        <Tooltip label={range} disabled={range === undefined}>
          {limitBytes === null ? (
            mayChange ? (
              link(text.common.set, () => edit.open(""))
            ) : (
              <span>{none}</span>
            )
          ) : (
            <span>{formatBytes(limitBytes)}</span>
          )}
        </Tooltip>
        {limitBytes !== null && mayChange && (
          <>
            {link(text.common.edit, () => edit.open(String(toGigabytes(limitBytes))))}
            {link(text.common.remove, () => void remove())}
          </>
        )}
      </Group>
    );
  return (
    <InPlaceForm edit={edit}>
      <TextInput
        aria-label={`${label}, GB`}
        size="xs"
        w={190}
        autoFocus
        inputMode="numeric"
        rightSection="GB"
        value={edit.typed}
        error={edit.error}
        description={range}
        onChange={(event) => edit.type(event.currentTarget.value)}
      />
    </InPlaceForm>
  );
}
