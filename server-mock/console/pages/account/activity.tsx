/** What others did to one's account or in its name: nobody acts as somebody unseen. */
import { Button, Group, Stack } from "@mantine/core";
import { useState } from "react";
import type { AuditView } from "../../../../protocol/messages/records.ts";
import { useRead } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import { Empty } from "../../parts/empty.tsx";
import { ErrorBox } from "../../parts/error-box.tsx";
import { NameText } from "../../parts/name-text.tsx";
import { Panel } from "../../parts/panel.tsx";
import { RelativeTime } from "../../parts/relative-time.tsx";
import { shortDetail } from "../admin/audit-text.ts";

const says = text.account.activity;
const PAGE = 20;

export function Activity() {
  /** Grows: the newest stay above. */
  const [limit, setLimit] = useState(PAGE);
  const { data, error, refetch } = useRead("listActivity", { query: { limit } }, { keepShown: true });
  return (
    <Panel title={says.title}>
      <Stack gap="sm">
        {error && <ErrorBox error={error} onRetry={() => void refetch()} />}
        <DataTable
          label={says.table}
          columns={COLUMNS}
          rows={data?.items}
          rowId={({ id }) => String(id)}
          empty={<Empty title={says.none} hint={says.noneHint} />}
        />
        {data?.next != null && (
          <Group>
            <Button variant="default" onClick={() => setLimit(limit + PAGE)}>
              {says.more}
            </Button>
          </Group>
        )}
      </Stack>
    </Panel>
  );
}

const COLUMNS: readonly Column<AuditView>[] = [
  { id: "time", title: says.columns.time, cell: ({ at }) => <RelativeTime at={at} /> },
  { id: "who", title: says.columns.who, isMain: true, cell: ({ actor }) => <NameText value={actor} /> },
  { id: "action", title: says.columns.action, cell: ({ action }) => action },
  { id: "detail", title: says.columns.detail, cell: ({ detail }) => <NameText value={shortDetail(detail)} /> },
  { id: "address", title: says.columns.address, cell: ({ address }) => address ?? text.common.notAvailable },
];
