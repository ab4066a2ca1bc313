/** What one machine of a user uses and may still store, and its own limit. */
import type { MachineItem } from "../../../../../protocol/messages/lists.ts";
import { useAct } from "../../../api/hooks.ts";
import { text } from "../../../messages/messages.ts";
import { shownSize } from "../../../parts/gigabytes.ts";
import { visibleText } from "../../../parts/name-text.tsx";
import { StorageLimit } from "../../../parts/storage-limit.tsx";
import { useSession } from "../../../session/session.tsx";

const { machine: words, details } = text.users;

/** `5 GB / 45 GB` */
export function MachineRoom({ machine: { usedBytes, deletedAt, room } }: { readonly machine: MachineItem }) {
  const used = shownSize(usedBytes);
  if (deletedAt !== null || room === null) return used;
  const available = room.availableBytes === null ? details.noEnd : shownSize(room.availableBytes);
  return `${used} / ${available}`;
}

export function MachineLimit({ machine }: { readonly machine: MachineItem }) {
  const { can } = useSession();
  const change = useAct("changeMachine");
  const { id, name, limitBytes, deletedAt, version, room } = machine;
  return (
    <StorageLimit
      label={words.limitOf(visibleText(name))}
      limitBytes={limitBytes}
      allowed={room?.limitRange}
      mayChange={can("machines.edit") && deletedAt === null}
      none="–"
      removal={words.removal}
      onSave={(wanted) =>
        change.mutateAsync({ params: { machine: id }, body: { limitBytes: wanted }, ifMatch: version })
      }
    />
  );
}
