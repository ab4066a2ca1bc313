/** Where one is logged in, and the end of it. */
import { Badge, Button, Group, Stack } from "@mantine/core";
import type { LogInView } from "../../../../protocol/messages/security.ts";
import { useAct, useRead } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import { useConfirm } from "../../parts/confirm.tsx";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import { ErrorBox } from "../../parts/error-box.tsx";
import { NameText, visibleText } from "../../parts/name-text.tsx";
import { notify, notifyError } from "../../parts/notify.tsx";
import { Panel } from "../../parts/panel.tsx";
import { RelativeTime } from "../../parts/relative-time.tsx";
import { useSession } from "../../session/session.tsx";
import { browserName } from "./browser-name.ts";

const says = text.account.logIns;
const LOG_INS_MAX = 100;

export function LogIns() {
  const { actor } = useSession();
  const confirm = useConfirm();
  const { data, error, refetch } = useRead("listLogIns", { query: { limit: LOG_INS_MAX } });
  const end = useAct("endLogIn", { onDone: () => notify(says.ended) });
  const endOthers = useAct("endOtherLogIns", { onDone: () => notify(says.othersEnded) });
  const others = (data?.items ?? []).some(({ isThis }) => !isThis);
  const askAndEnd = async () => {
    const question = { title: says.endOthersTitle, body: says.endOthersBody, action: says.endOthers };
    if (await confirm(question)) endOthers.mutate({}, { onError: notifyError });
  };
  const action: Column<LogInView> = {
    id: "action",
    title: says.columns.action,
    cell: (row) =>
      !row.isThis && (
        <Button
          size="compact-sm"
          variant="default"
          aria-label={says.endOf(nameOf(row))}
          onClick={() => end.mutate({ params: { token: row.id } }, { onError: notifyError })}
        >
          {says.end}
        </Button>
      ),
  };
  return (
    <Panel title={says.title}>
      <Stack gap="sm">
        {error && <ErrorBox error={error} onRetry={() => void refetch()} />}
        <DataTable
          label={says.table}
          columns={actor === null ? [...COLUMNS, action] : COLUMNS}
          rows={data?.items}
          rowId={({ id }) => id}
          empty={null}
        />
        {actor === null && others && (
          <Group>
            <Button variant="default" loading={endOthers.isPending} onClick={() => void askAndEnd()}>
              {says.endOthers}
            </Button>
          </Group>
        )}
      </Stack>
    </Panel>
  );
}

function nameOf({ userAgent, isCookie }: LogInView): string {
  const known = browserName(userAgent ?? "");
  if (known !== undefined) return says.on(known.browser, known.system);
  return isCookie ? visibleText(userAgent ?? "") : says.program;
}

const COLUMNS: readonly Column<LogInView>[] = [
  {
    id: "browser",
    title: says.columns.browser,
    isMain: true,
    cell: (row) => (
      <Group gap="xs">
        <span title={visibleText(row.userAgent ?? "")}>{nameOf(row)}</span>
        {row.isThis && (
          <Badge variant="dot" color="teal">
            {says.thisOne}
          </Badge>
        )}
        {row.actor !== null && <NameText value={says.actor(row.actor)} />}
      </Group>
    ),
  },
  { id: "address", title: says.columns.address, cell: ({ address }) => address ?? text.common.notAvailable },
  { id: "since", title: says.columns.since, cell: ({ createdAt }) => <RelativeTime at={createdAt} /> },
  { id: "used", title: says.columns.used, cell: ({ lastUsedAt }) => <RelativeTime at={lastUsedAt} /> },
];
