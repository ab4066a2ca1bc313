/** All that is known of an audit row. */
import { Button, Group, Modal, Stack } from "@mantine/core";
import type { AuditView } from "../../../../protocol/messages/records.ts";
import { text } from "../../messages/messages.ts";
import { Facts } from "../../parts/facts.tsx";
import { NameText } from "../../parts/name-text.tsx";
import { exactTime } from "../../parts/relative-time.tsx";
import { detailOf } from "./audit-text.ts";

export interface AuditDetailProps {
  readonly row: AuditView | undefined;
  readonly onClose: () => void;
  readonly onNarrow: (by: { readonly actor?: string; readonly action?: string }) => void;
}

export function AuditDetail({ row, onClose, onNarrow }: AuditDetailProps) {
  const { columns: titles, title, id, onlyWho, onlyAction } = text.admin.audit;
  return (
    <Modal opened={row !== undefined} onClose={onClose} title={title} size="lg">
      {row && (
        <Stack>
          <Facts
            rows={[
              [titles.time, exactTime(row.at)],
              [titles.who, <NameText key="who" value={row.actor} />],
              [titles.address, row.address ?? text.common.none],
              [titles.action, row.action],
              [titles.subject, <NameText key="subject" value={row.subject} />],
              ...detailOf(row.detail).map(
                ([name, value]) => [name || titles.detail, <NameText key={name} value={value} />] as const,
              ),
              [id, row.id],
            ]}
          />
          <Group>
            <Button variant="default" onClick={() => onNarrow({ actor: row.actor })}>
              {onlyWho}
            </Button>
            <Button variant="default" onClick={() => onNarrow({ action: row.action })}>
              {onlyAction}
            </Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}
