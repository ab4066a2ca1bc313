/** Restores, column by column (R1 to R7). */
import { Anchor, Stack, Text } from "@mantine/core";
import { Link } from "wouter";
import { formatBytes } from "../../../../base/format-bytes.ts";
import type { Answer } from "../../api/client.ts";
import { text } from "../../messages/messages.ts";
import { paths } from "../../paths.ts";
import type { Column } from "../data-table.tsx";
import { EmailText } from "../email-text.tsx";
import { NameText } from "../name-text.tsx";
import { RelativeTime } from "../relative-time.tsx";
import { RestoreStatusCell } from "./restore-status-cell.tsx";

export type ListedRestore = Answer<"searchRestores">["items"][number];

const { columns: titles, sources, purposes } = text.records.restores;

const SHOWN_OF_ID = 12;

const ID: Column<ListedRestore> = {
  id: "id",
  title: titles.id,
  isMain: true,
  cell: ({ id }) => <IdText id={id} />,
};

/** The end of an id differs, its beginning is its time. The whole one is there for whoever copies it. */
const IdText = ({ id }: { readonly id: string }) => (
  <Text span inherit ff="monospace" title={id} aria-label={id} className="id-text">
    …{id.slice(-SHOWN_OF_ID)}
  </Text>
);

const WHOSE: readonly Column<ListedRestore>[] = [
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

const REST: readonly Column<ListedRestore>[] = [
  {
    id: "requestedAt",
    title: titles.requestedAt,
    sort: "requestedAt",
    cell: ({ requestedAt }) => <RelativeTime at={requestedAt} />,
  },
  {
    id: "finishedAt",
    title: titles.finishedAt,
    sort: "finishedAt",
    cell: ({ finishedAt }) => <RelativeTime at={finishedAt} never={text.records.restores.notYet} />,
  },
  {
    id: "files",
    title: titles.files,
    sort: "filesRetrieved",
    isNumber: true,
    cell: ({ filesRetrieved, filesRequested }) =>
      `${filesRetrieved.toLocaleString("en")} / ${filesRequested?.toLocaleString("en") ?? "–"}`,
  },
  { id: "size", title: titles.size, sort: "bytes", isNumber: true, cell: ({ bytes }) => formatBytes(bytes) },
  { id: "status", title: titles.status, sort: "status", cell: (row) => <RestoreStatusCell restore={row} /> },
  {
    id: "source",
    title: titles.source,
    sort: "source",
    cell: ({ source, purpose }) => (
      <Stack gap={0}>
        <span>{sources[source]}</span>
        <Text span inherit c="dimmed">
          {isPurpose(purpose) ? purposes[purpose] : purpose}
        </Text>
      </Stack>
    ),
  },
  { id: "requestedBy", title: titles.requestedBy, cell: ({ requestedBy }) => <EmailText value={requestedBy} /> },
];

const isPurpose = (purpose: string): purpose is keyof typeof purposes => purpose in purposes;

export const MACHINE_RESTORE_COLUMNS: readonly Column<ListedRestore>[] = [ID, ...REST];

/** Of all machines; the service keeps them in the order of their beginnings only. */
export const RESTORE_COLUMNS: readonly Column<ListedRestore>[] = [ID, ...WHOSE, ...REST].map(({ sort, ...column }) =>
  sort === "requestedAt" ? { ...column, sort } : column,
);
