/** Backups, column by column (B1 to B10). */
import { Anchor, Text } from "@mantine/core";
import { Link } from "wouter";
import { formatBytes } from "../../../../base/format-bytes.ts";
import type { Answer } from "../../api/client.ts";
import { text } from "../../messages/messages.ts";
import { paths } from "../../paths.ts";
import { RunResult } from "../charts/status-badge.tsx";
import type { Column } from "../data-table.tsx";
import { EmailText } from "../email-text.tsx";
import { NameText } from "../name-text.tsx";
import { TimeLink, useNow } from "../relative-time.tsx";
import { formatDuration } from "./duration.ts";
import { RunFlags } from "./run-flags.tsx";

export type ListedBackup = Answer<"searchBackups">["items"][number];

const { columns: titles } = text.records.backups;

const count = (value: number): string => value.toLocaleString("en");

const START: Column<ListedBackup> = {
  id: "startedAt",
  title: titles.startedAt,
  sort: "startedAt",
  isMain: true,
  cell: ({ id, startedAt }) => <TimeLink at={startedAt} href={paths.backup(id)} />,
};

const WHOSE: readonly Column<ListedBackup>[] = [
  {
    id: "machine",
    title: titles.machine,
    cell: ({ machine, machineName }) => (
      <Anchor component={Link} href={paths.machine(machine)} inherit className="machine-name">
        <NameText value={machineName} />
      </Anchor>
    ),
  },
  { id: "user", title: titles.user, cell: ({ user }) => <EmailText value={user} /> },
];

const REST: readonly Column<ListedBackup>[] = [
  { id: "type", title: titles.type, sort: "type", cell: ({ shown }) => shown.type },
  { id: "duration", title: titles.duration, sort: "duration", isNumber: true, cell: (row) => <Duration {...row} /> },
  {
    id: "result",
    title: titles.result,
    sort: "result",
    cell: ({ state, shown, flags }) => (
      <>
        <RunResult state={state}>{shown.result}</RunResult>
        <RunFlags flags={flags} />
      </>
    ),
  },
  { id: "files", title: titles.files, sort: "files", isNumber: true, cell: ({ files }) => count(files) },
  { id: "bytes", title: titles.bytes, sort: "bytes", isNumber: true, cell: ({ bytes }) => formatBytes(bytes) },
  {
    id: "filesEncoded",
    title: titles.filesEncoded,
    sort: "filesEncoded",
    isNumber: true,
    cell: ({ filesEncoded }) => count(filesEncoded),
  },
  {
    id: "bytesEncoded",
    title: titles.bytesEncoded,
    sort: "bytesEncoded",
    isNumber: true,
    cell: ({ bytesEncoded }) => formatBytes(bytesEncoded),
  },
  {
    id: "filesTransferred",
    title: titles.filesTransferred,
    sort: "filesTransferred",
    isNumber: true,
    cell: ({ filesTransferred }) => count(filesTransferred),
  },
  {
    id: "bytesTransferred",
    title: titles.bytesTransferred,
    sort: "bytesTransferred",
    isNumber: true,
    cell: ({ bytesTransferred }) => formatBytes(bytesTransferred),
  },
];

/** Of one machine: it needs no names, and every column sorts. */
export const MACHINE_BACKUP_COLUMNS: readonly Column<ListedBackup>[] = [START, ...REST];

/** Of all machines; the service keeps them in the order of their starts only. */
export const BACKUP_COLUMNS: readonly Column<ListedBackup>[] = [START, ...WHOSE, ...REST].map(({ sort, ...column }) =>
  sort === "startedAt" ? { ...column, sort } : column,
);

/** While it runs, until now. */
export function Duration({ startedAt, duration }: Pick<ListedBackup, "startedAt" | "duration">) {
  const now = useNow();
  return duration === null ? (
    <Text span inherit c="dimmed">
      {formatDuration(now - Date.parse(startedAt))}
    </Text>
  ) : (
    formatDuration(duration)
  );
}
