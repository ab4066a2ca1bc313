/** Folder: to where files are restored. Trash: the machine and all its backed-up files, with a way back. */

import { FolderIcon, TrashIcon } from "@heroicons/react/24/outline";
import { ActionIcon, Button, Group, Tooltip } from "@mantine/core";
import { Link } from "wouter";
import { formatBytes } from "../../../../../base/format-bytes.ts";
import type { MachineItem } from "../../../../../protocol/messages/lists.ts";
import { useAct } from "../../../api/hooks.ts";
import { text } from "../../../messages/messages.ts";
import { useConfirm } from "../../../parts/confirm.tsx";
import { visibleText } from "../../../parts/name-text.tsx";
import { notify, notifyError } from "../../../parts/notify.tsx";
import { paths } from "../../../paths.ts";
import { useSession } from "../../../session/session.tsx";

const { machine: words } = text.users;
const ICON_PX = 18;

export function MachineActions({ machine }: { readonly machine: MachineItem }) {
  const { can } = useSession();
  const confirm = useConfirm();
  const remove = useAct("deleteMachine");
  const undelete = useAct("undeleteMachine");
  const { id, deletedAt, usedBytes } = machine;
  const name = visibleText(machine.name);
  // The row may be gone for a moment while the lists are read again: what comes after does not hang on it.
  const bringBack = async () => {
    try {
      await undelete.mutateAsync({ params: { machine: id } });
      notify(words.cameBack(name));
    } catch (error) {
      notifyError(error);
    }
  };
  const askAndRemove = async () => {
    const isWanted = await confirm({
      title: words.removeTitle(name),
      body: words.removeBody(name, formatBytes(usedBytes)),
      action: words.removeAction,
      isDangerous: true,
    });
    if (!isWanted) return;
    try {
      await remove.mutateAsync({ params: { machine: id } });
      notify(words.removed(name), { undo: () => void bringBack() });
    } catch (error) {
      notifyError(error);
    }
  };
  if (deletedAt !== null)
    return can("machines.delete") ? (
      <Button size="compact-sm" variant="default" loading={undelete.isPending} onClick={() => void bringBack()}>
        {words.undelete}
      </Button>
    ) : null;
  return (
    <Group gap={4} wrap="nowrap">
      {can("restores.create") && (
        <Tooltip label={words.restore(name)}>
          <ActionIcon size="md" component={Link} href={paths.restoreMachine(id)} aria-label={words.restore(name)}>
            <FolderIcon width={ICON_PX} aria-hidden="true" />
          </ActionIcon>
        </Tooltip>
      )}
      {can("machines.delete") && (
        <Tooltip label={words.remove(name)}>
          <ActionIcon
            size="md"
            loading={remove.isPending}
            aria-label={words.remove(name)}
            onClick={() => void askAndRemove()}
          >
            <TrashIcon width={ICON_PX} aria-hidden="true" />
          </ActionIcon>
        </Tooltip>
      )}
    </Group>
  );
}
