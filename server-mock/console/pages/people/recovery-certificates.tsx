/** The organization's recovery certificates: machines of corporate keys are sealed to one. The key is made and kept elsewhere. */
import { Button, FileButton, Group, Stack, Text } from "@mantine/core";
import { useState } from "react";
import type { RecoveryCertificateView } from "../../../../protocol/messages/wraps.ts";
import { useAct, useRead } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import { useConfirm } from "../../parts/confirm.tsx";
import { CopyText } from "../../parts/copy-text.tsx";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import { ErrorBox } from "../../parts/error-box.tsx";
import { NameText } from "../../parts/name-text.tsx";
import { notify, notifyError } from "../../parts/notify.tsx";
import { Panel } from "../../parts/panel.tsx";
import { shortDate } from "../../parts/relative-time.tsx";
import { StateBadge } from "../../parts/state-badge.tsx";

const says = text.organization.recovery;
/** What is larger is no certificate, and is not even read. */
const FILE_BYTES_MAX = 16_384;

export function RecoveryCertificates({ isReadOnly }: { readonly isReadOnly: boolean }) {
  const confirm = useConfirm();
  const [isOther, setIsOther] = useState(false);
  const { data, error, refetch } = useRead("listRecoveryCertificates");
  const add = useAct("addRecoveryCertificate", { onDone: () => notify(says.added) });
  const retire = useAct("retireRecoveryCertificate", { onDone: () => notify(says.wasRetired) });
  const upload = async (file: File | null) => {
    if (file === null) return;
    const certificate = file.size > FILE_BYTES_MAX ? "" : await file.text();
    // A key must not leave this computer, not even sealed.
    const isCertificate = certificate.includes("-----BEGIN CERTIFICATE-----") && !certificate.includes("PRIVATE KEY");
    setIsOther(!isCertificate);
    if (isCertificate) add.mutate({ body: { certificate } }, { onError: notifyError });
  };
  const askAndRetire = async ({ fingerprint, name }: RecoveryCertificateView) => {
    const question = { title: says.retireTitle(name), body: says.retireBody, action: says.retire };
    if (await confirm(question)) retire.mutate({ params: { fingerprint } }, { onError: notifyError });
  };
  const action: Column<RecoveryCertificateView> = {
    id: "action",
    title: says.columns.action,
    cell: (row) =>
      row.retiredAt === null && (
        <Button
          size="compact-sm"
          variant="default"
          aria-label={says.retireOf(row.name)}
          onClick={() => void askAndRetire(row)}
        >
          {says.retire}
        </Button>
      ),
  };
  return (
    <Panel title={says.title}>
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          {says.hint}
        </Text>
        {error && <ErrorBox error={error} onRetry={() => void refetch()} />}
        {(data?.items.length ?? 0) > 0 && (
          <DataTable
            label={says.table}
            columns={isReadOnly ? COLUMNS : [...COLUMNS, action]}
            rows={data?.items}
            rowId={({ fingerprint }) => fingerprint}
            empty={null}
          />
        )}
        {!isReadOnly && (
          <Group>
            {isOther && (
              <Text role="alert" size="sm" c="red">
                {says.notOne}
              </Text>
            )}
            <FileButton accept=".pem,.crt,.cer" onChange={(file) => void upload(file)}>
              {(props) => (
                <Button variant="default" loading={add.isPending} {...props}>
                  {says.upload}
                </Button>
              )}
            </FileButton>
          </Group>
        )}
      </Stack>
    </Panel>
  );
}

const COLUMNS: readonly Column<RecoveryCertificateView>[] = [
  { id: "name", title: says.columns.name, isMain: true, cell: ({ name }) => <NameText value={name} /> },
  {
    id: "fingerprint",
    title: says.columns.fingerprint,
    cell: ({ fingerprint }) => <CopyText value={fingerprint} label={says.columns.fingerprint} />,
  },
  { id: "until", title: says.columns.until, cell: ({ notAfter }) => shortDate(notAfter) },
  {
    id: "state",
    title: says.columns.state,
    cell: ({ retiredAt }) => (
      <StateBadge color={retiredAt === null ? "teal" : "gray"}>
        {retiredAt === null ? says.inUse : says.retiredSince(shortDate(retiredAt))}
      </StateBadge>
    ),
  },
];
