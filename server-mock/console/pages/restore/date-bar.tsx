/** As of when: the backup that is shown, and Change Date. */
import { Badge, Button, Group, Loader, Modal, Text, Tooltip } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import type { SnapshotView } from "../../../../protocol/messages/records.ts";
import { text } from "../../messages/messages.ts";
import { ErrorBox } from "../../parts/error-box.tsx";
import { RelativeTime } from "../../parts/relative-time.tsx";
import { longTime } from "./minute-time.ts";
import type { Snapshots } from "./use-snapshots.ts";

/** A calendar is large, and most people want the newest. */
const SnapshotCalendar = lazy(async () => ({ default: (await import("./snapshot-calendar.tsx")).SnapshotCalendar }));

export interface DateBarProps {
  readonly snapshots: Snapshots;
  /** That is shown; undefined: not known yet. */
  readonly shown: Pick<SnapshotView, "sequence" | "receivedAt" | "incomplete"> | undefined;
  readonly onChoose: (sequence: number | undefined) => void;
}

const t = text.restore;

export function DateBar({ snapshots, shown, onChoose }: DateBarProps) {
  const [isOpen, setIsOpen] = useState(false);
  const newest = snapshots.all?.[0];
  const isNewest = newest !== undefined && newest.sequence === shown?.sequence;
  const choose = (sequence: number | undefined) => {
    setIsOpen(false);
    onChoose(sequence);
  };
  return (
    <Group gap="md" className="date-bar">
      <Text component="div" size="sm">
        {t.asOf}{" "}
        {shown !== undefined && (
          <>
            <strong>{longTime(shown.receivedAt)}</strong> ({isNewest ? `${t.newest}, ` : ""}
            <RelativeTime at={shown.receivedAt} />)
          </>
        )}
      </Text>
      {shown?.incomplete && (
        <Tooltip label={t.incompleteHint}>
          <Badge tabIndex={0}>{t.incomplete}</Badge>
        </Tooltip>
      )}
      <Group gap="xs">
        <Button variant="default" onClick={() => setIsOpen(true)} disabled={snapshots.all === undefined}>
          {t.changeDate}
        </Button>
        {shown !== undefined && newest !== undefined && !isNewest && (
          <Button variant="subtle" onClick={() => choose(undefined)}>
            {t.toNewest}
          </Button>
        )}
      </Group>
      {snapshots.error !== null && <ErrorBox error={snapshots.error} onRetry={() => void snapshots.refetch()} />}
      <Modal opened={isOpen} onClose={() => setIsOpen(false)} title={t.changeDate} size="lg">
        <Suspense fallback={<Loader aria-label={text.common.loading} />}>
          <SnapshotCalendar snapshots={snapshots.all ?? []} shown={shown?.sequence} onGo={choose} />
        </Suspense>
      </Modal>
    </Group>
  );
}
