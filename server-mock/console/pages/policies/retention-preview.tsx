/** Which snapshots of a machine a rule would keep and which not: a calendar, and the list with reasons. */
import { Anchor, Badge, Box, Button, Group, Stack, Text, Title } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "wouter";
import type { RetentionPreview as Preview, RetentionRule } from "../../../../protocol/messages/retention.ts";
import type { ApiError } from "../../api/api-error.ts";
import { call } from "../../api/client.ts";
import { text } from "../../messages/messages.ts";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import { ErrorBox } from "../../parts/error-box.tsx";
import { type Picked, PickMachine } from "../../parts/pick-user.tsx";
import { RelativeTime } from "../../parts/relative-time.tsx";
import { paths } from "../../paths.ts";
import { SnapshotCalendar } from "./snapshot-calendar.tsx";

const { retention: texts } = text.policies;
const SHOWN = 15;

export interface RetentionPreviewProps {
  readonly level: "organization" | "group" | "machine";
  readonly rule: RetentionRule;
  readonly timeZone: string;
  readonly machine: Picked | null;
  /** Absent: it is always this one. */
  readonly onMachine?: (machine: Picked | null) => void;
  /** Machines of this group can be chosen. */
  readonly group?: string | undefined;
}

/** Undefined without a machine, and until it is there. */
export function useRetentionPreview(
  level: RetentionPreviewProps["level"],
  rule: RetentionRule,
  machine: Picked | null,
) {
  const id = machine?.id ?? "";
  return useQuery<Preview, ApiError>({
    queryKey: ["previewRetention", id, level, rule],
    queryFn: ({ signal }) => call("previewRetention", { params: { machine: id }, body: { level, ...rule }, signal }),
    enabled: machine !== null,
    placeholderData: keepPreviousData,
  });
}

export function RetentionPreview(props: RetentionPreviewProps) {
  const { level, rule, timeZone, machine, onMachine, group } = props;
  const answer = useRetentionPreview(level, rule, machine);
  const preview = machine === null ? undefined : answer.data;
  return (
    <Stack gap="sm" component="section" aria-label={texts.preview}>
      <Title order={2} size="h4">
        {texts.preview}
      </Title>
      {onMachine && (
        <Box maw={520}>
          <PickMachine
            label={texts.previewOf}
            hint={texts.previewHint}
            group={group}
            value={machine}
            onChange={onMachine}
          />
        </Box>
      )}
      {answer.error && <ErrorBox error={answer.error} onRetry={() => void answer.refetch()} />}
      {preview && machine && <Outcome preview={preview} machine={machine} timeZone={timeZone} />}
    </Stack>
  );
}

interface OutcomeProps {
  readonly preview: Preview;
  readonly machine: Picked;
  readonly timeZone: string;
}

function Outcome({ preview, machine, timeZone }: OutcomeProps) {
  const [isWhole, setIsWhole] = useState(false);
  const { snapshots, kept, dropped, lost } = preview;
  if (snapshots.length === 0) return <Text size="sm">{texts.noSnapshots}</Text>;
  const shown = isWhole ? snapshots : snapshots.slice(0, SHOWN);
  return (
    <Stack gap="md">
      <Group gap="xs" role="status">
        <Badge size="lg">✓ {texts.kept(kept)}</Badge>
        <Badge size="lg">✕ {texts.dropped(dropped)}</Badge>
        {lost > 0 && (
          <Badge size="lg" color="red.9" variant="filled">
            {texts.lost(lost)}
          </Badge>
        )}
        <Anchor component={Link} href={paths.machine(machine.id)} size="sm">
          <bdi>{machine.name}</bdi>
        </Anchor>
      </Group>
      <SnapshotCalendar snapshots={snapshots} timeZone={timeZone} />
      <DataTable
        label={texts.snapshots}
        columns={COLUMNS}
        rows={shown}
        rowId={({ sequence }) => String(sequence)}
        empty={<Text size="sm">{texts.noSnapshots}</Text>}
      />
      {shown.length < snapshots.length && (
        <Group>
          <Text size="sm" c="dimmed">
            {texts.shownOf(shown.length, kept + dropped)}
          </Text>
          <Button size="xs" variant="default" onClick={() => setIsWhole(true)}>
            {texts.more}
          </Button>
        </Group>
      )}
    </Stack>
  );
}

type Snapshot = Preview["snapshots"][number];

const COLUMNS: readonly Column<Snapshot>[] = [
  {
    id: "snapshot",
    title: texts.columns.snapshot,
    isMain: true,
    cell: ({ sequence, incomplete }) => `#${sequence}${incomplete ? ` (${texts.incomplete})` : ""}`,
  },
  { id: "received", title: texts.columns.received, cell: ({ receivedAt }) => <RelativeTime at={receivedAt} /> },
  {
    id: "result",
    title: texts.columns.result,
    cell: ({ reasons, isLost }) => (
      <Text span inherit {...(isLost ? { c: "var(--mantine-color-error)", fw: 600 } : {})}>
        {reasons.length > 0 ? `✓ ${texts.isKept}` : `✕ ${texts.isDropped}`}
      </Text>
    ),
  },
  {
    id: "why",
    title: texts.columns.why,
    cell: ({ reasons }) => reasons.map((reason) => texts.reasons[reason]).join(", "),
  },
];
