/** API tokens of one's own: made, shown once, revoked. */
import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useState } from "react";
import type { ApiTokenView } from "../../../../protocol/messages/security.ts";
import { useAct, useRead } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import { useConfirm } from "../../parts/confirm.tsx";
import { CopyText } from "../../parts/copy-text.tsx";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import { Empty } from "../../parts/empty.tsx";
import { ErrorBox } from "../../parts/error-box.tsx";
import { NameText, visibleText } from "../../parts/name-text.tsx";
import { notify, notifyError } from "../../parts/notify.tsx";
import { Panel } from "../../parts/panel.tsx";
import { RelativeTime } from "../../parts/relative-time.tsx";
import { NewApiToken } from "./new-api-token.tsx";

const says = text.account.tokens;
const TOKENS_MAX = 100;

export function ApiTokens() {
  const confirm = useConfirm();
  const [isMaking, setIsMaking] = useState(false);
  const [made, setMade] = useState<string>();
  const { data, error, refetch } = useRead("listApiTokens", { query: { limit: TOKENS_MAX } });
  const revoke = useAct("revokeApiToken");
  const askAndRevoke = async ({ id, name: chosen }: ApiTokenView) => {
    const name = visibleText(chosen);
    const question = { title: says.revokeTitle(name), body: says.revokeBody, action: says.revoke, isDangerous: true };
    if (!(await confirm(question))) return;
    revoke.mutate({ params: { token: id } }, { onError: notifyError, onSuccess: () => notify(says.revoked(name)) });
  };
  const action: Column<ApiTokenView> = {
    id: "action",
    title: says.columns.action,
    cell: (row) => (
      <Button
        size="compact-sm"
        variant="default"
        aria-label={says.revokeOf(visibleText(row.name))}
        onClick={() => void askAndRevoke(row)}
      >
        {says.revoke}
      </Button>
    ),
  };
  return (
    <Panel title={says.title}>
      <Stack gap="sm">
        <Text size="sm">{says.hint}</Text>
        {error && <ErrorBox error={error} onRetry={() => void refetch()} />}
        <DataTable
          label={says.table}
          columns={[...COLUMNS, action]}
          rows={data?.items}
          rowId={({ id }) => id}
          empty={<Empty title={says.none} />}
        />
        <Group>
          <Button variant="default" onClick={() => setIsMaking(true)}>
            {says.add}
          </Button>
        </Group>
      </Stack>
      {isMaking && (
        <NewApiToken
          onClose={() => setIsMaking(false)}
          onMade={(token) => {
            setIsMaking(false);
            setMade(token);
          }}
        />
      )}
      <Modal
        opened={made !== undefined}
        onClose={() => setMade(undefined)}
        title={says.madeTitle}
        closeOnClickOutside={false}
        closeOnEscape={false}
        withCloseButton={false}
      >
        <Stack>
          <Text size="sm">{says.madeHint}</Text>
          <CopyText value={made ?? ""} label={says.token} />
          <Button onClick={() => setMade(undefined)}>{says.kept}</Button>
        </Stack>
      </Modal>
    </Panel>
  );
}

const COLUMNS: readonly Column<ApiTokenView>[] = [
  { id: "name", title: says.columns.name, isMain: true, cell: ({ name }) => <NameText value={name} /> },
  {
    id: "rights",
    title: says.columns.rights,
    cell: ({ capabilities }) => <span title={capabilities.join(", ")}>{says.rights(capabilities.length)}</span>,
  },
  { id: "used", title: says.columns.used, cell: ({ lastUsedAt }) => <RelativeTime at={lastUsedAt} /> },
  { id: "expires", title: says.columns.expires, cell: ({ expiresAt }) => <RelativeTime at={expiresAt} /> },
];
