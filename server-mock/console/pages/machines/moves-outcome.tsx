/** What a file of moves would do, or did: rows read, moved, skipped, and each error with its row. */
import { Group, Paper, Stack, Text, Title } from "@mantine/core";
import type { MovesResult } from "../../../../protocol/messages/machine-acts.ts";
import { text } from "../../messages/messages.ts";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import { NameText } from "../../parts/name-text.tsx";

const { moves } = text.machines;

/** Who has more corrects these first. */
const ERRORS_SHOWN = 200;

export function MovesOutcome({ title, result }: { readonly title: string; readonly result: MovesResult }) {
  const { dryRun, read, moved, skipped, errors } = result;
  const counts = [
    [moves.read, read],
    [dryRun ? moves.wouldMove : moves.moved, moved],
    [moves.skipped, skipped],
    [moves.errors, errors.length],
  ] as const;
  return (
    <Stack gap="sm" role="status" aria-label={title} w="100%">
      <Title order={3} size="h6">
        {title}
      </Title>
      <Group gap="sm">
        {counts.map(([name, count]) => (
          <Paper key={name} withBorder px="md" py="xs" miw={120}>
            <Text size="xs" c="dimmed">
              {name}
            </Text>
            <Text
              fw={700}
              size="lg"
              {...(name === moves.errors && count > 0 ? { c: "var(--mantine-color-error)" } : {})}
            >
              {count.toLocaleString("en")}
            </Text>
          </Paper>
        ))}
      </Group>
      {errors.length > 0 && (
        <DataTable
          label={moves.errorsTitle}
          columns={COLUMNS}
          rows={errors.slice(0, ERRORS_SHOWN)}
          rowId={({ row }) => String(row)}
          empty={null}
        />
      )}
      {errors.length > ERRORS_SHOWN && <Text size="sm">{moves.more(errors.length - ERRORS_SHOWN)}</Text>}
    </Stack>
  );
}

const COLUMNS: readonly Column<MovesResult["errors"][number]>[] = [
  { id: "row", title: moves.columns.row, isNumber: true, cell: ({ row }) => row },
  { id: "machine", title: moves.columns.machine, isMain: true, cell: ({ machine }) => <NameText value={machine} /> },
  { id: "message", title: moves.columns.message, cell: ({ message }) => <NameText value={message} /> },
];
