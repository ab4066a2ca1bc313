/** What a file does, or would do: how many, what is wrong and where, and its rows as they were understood. */
import { Alert, Stack, Text, Title } from "@mantine/core";
import { formatBytes } from "../../../../../base/format-bytes.ts";
import type { UserImportResult } from "../../../../../protocol/messages/lists.ts";
import { text } from "../../../messages/messages.ts";
import { type Column, DataTable } from "../../../parts/data-table.tsx";
import { NameText } from "../../../parts/name-text.tsx";

const { import: words, new: fields, columns: titles, kinds, bothKinds } = text.users;

export function ImportResult({ answer }: { readonly answer: UserImportResult }) {
  const { isDryRun, read, created, failed, errors, preview } = answer;
  return (
    <Stack gap="md">
      {isDryRun && (
        <Alert color={failed === 0 ? "teal" : "orange"} role="status" title={words.wouldCreate(created, read)}>
          <Text size="sm">{words.checking}</Text>
        </Alert>
      )}
      {failed > 0 && (
        <section>
          <Title order={2} size="h4" mb="xs">
            {words.errors}
          </Title>
          <Text size="sm" c="dimmed">
            {words.failed(failed)} {failed > errors.length && words.firstRows(errors.length)}
          </Text>
          <DataTable
            label={words.errors}
            columns={ERRORS}
            rows={errors}
            rowId={({ row }) => String(row)}
            empty={null}
          />
        </section>
      )}
      {preview.length > 0 && (
        <section>
          <Title order={2} size="h4" mb="xs">
            {words.preview}
          </Title>
          {preview.length < read - failed && (
            <Text size="sm" c="dimmed">
              {words.firstRows(preview.length)}
            </Text>
          )}
          <DataTable
            label={words.preview}
            columns={PREVIEW}
            rows={preview}
            rowId={({ row }) => String(row)}
            empty={null}
          />
        </section>
      )}
    </Stack>
  );
}

const ERRORS: readonly Column<UserImportResult["errors"][number]>[] = [
  { id: "row", title: words.columns.row, cell: ({ row }) => row },
  { id: "column", title: words.columns.column, cell: ({ column }) => column ?? words.wholeRow },
  {
    id: "problem",
    title: words.columns.problem,
    cell: ({ message, hint }) => (
      <>
        <NameText value={message} /> {hint}
      </>
    ),
  },
];

const PREVIEW: readonly Column<UserImportResult["preview"][number]>[] = [
  { id: "row", title: words.columns.row, cell: ({ row }) => row },
  { id: "email", title: fields.email, isMain: true, cell: ({ email }) => <NameText value={email} /> },
  { id: "name", title: fields.username, cell: ({ name }) => <NameText value={name} /> },
  {
    id: "external",
    title: titles.externalId,
    cell: ({ externalId }) => externalId !== null && <NameText value={externalId} />,
  },
  { id: "group", title: titles.group, cell: ({ group }) => <NameText value={group} /> },
  { id: "type", title: words.columns.type, cell: ({ kind }) => (kind === null ? bothKinds : kinds[kind]) },
  {
    id: "limit",
    title: words.columns.limit,
    cell: ({ limitBytes }) => (limitBytes === null ? text.users.shared : formatBytes(limitBytes)),
  },
  {
    id: "devices",
    title: words.columns.devices,
    isNumber: true,
    cell: ({ devices }) => devices.desktop + devices.server,
  },
];
