/** What became of a restore; of one's own archive also its download, as often as wanted until it ends. */

import {
  ArrowDownTrayIcon,
  CheckCircleIcon,
  ClockIcon,
  ExclamationTriangleIcon,
  PlayCircleIcon,
  StopCircleIcon,
  XCircleIcon,
} from "@heroicons/react/24/outline";
import { Button, Group, Text } from "@mantine/core";
import type { RestoreStatus } from "../../../../protocol/restore-status.ts";
import { useAct } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import { useSession } from "../../session/session.tsx";
import { Signed, type SignedProps } from "../charts/status-badge.tsx";
import { notifyError } from "../notify.tsx";
import { useNow } from "../relative-time.tsx";
import type { ListedRestore } from "./restore-columns.tsx";

type Look = Pick<SignedProps, "tone" | "sign">;

const LOOKS: Readonly<Record<RestoreStatus, Look>> = {
  ordered: { tone: "quiet", sign: ClockIcon },
  running: { tone: "running", sign: PlayCircleIcon },
  ready: { tone: "running", sign: ArrowDownTrayIcon },
  completed: { tone: "good", sign: CheckCircleIcon },
  incomplete: { tone: "warning", sign: ExclamationTriangleIcon },
  failed: { tone: "bad", sign: XCircleIcon },
  cancelled: { tone: "quiet", sign: StopCircleIcon },
  expired: { tone: "quiet", sign: ClockIcon },
};

const DOWNLOADED_FROM: readonly RestoreStatus[] = ["ready", "completed", "incomplete"];

export function RestoreStatusCell({ restore }: { readonly restore: ListedRestore }) {
  const { id, status, code, purpose, requestedBy, expiresAt } = restore;
  const { account, actor } = useSession();
  const now = useNow();
  const link = useAct("linkArchive", { onDone: ({ path }) => location.assign(path), rereads: false });
  const isOpen = expiresAt !== null && Date.parse(expiresAt) > now;
  // Nobody else's archive can be had, and who acts in another's name sees no files.
  const mayDownload =
    purpose === "archive" &&
    isOpen &&
    actor === null &&
    requestedBy === account.email &&
    DOWNLOADED_FROM.includes(status);
  return (
    <Group gap="xs" wrap="wrap">
      <Signed {...LOOKS[status]}>
        {text.records.restores.statuses[status]}
        {code !== null && (
          <Text span inherit c="dimmed">
            {" "}
            {code}
          </Text>
        )}
      </Signed>
      {mayDownload && (
        <Button
          size="compact-xs"
          variant="default"
          loading={link.isPending}
          onClick={() => link.mutate({ params: { archive: id } }, { onError: notifyError })}
        >
          {text.records.restores.download}
        </Button>
      )}
    </Group>
  );
}
