/** Show Versions: every state of one file that a backup has. */
import { Group } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { formatBytes } from "../../../../base/format-bytes.ts";
import type { EntryView, VersionsResponse } from "../../../../protocol/messages/web-restore.ts";
import type { ApiError } from "../../api/api-error.ts";
import { call, urlOf } from "../../api/client.ts";
import { text } from "../../messages/messages.ts";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import { Empty } from "../../parts/empty.tsx";
import { ErrorBox } from "../../parts/error-box.tsx";
import { minuteTime } from "./minute-time.ts";
import { isSelected, type Selected, type Selection } from "./selection.ts";

type Version = VersionsResponse["items"][number];

export interface FileVersionsProps {
  readonly webRestore: string;
  readonly path: string;
  readonly onView: (version: { readonly entry: EntryView; readonly snapshot: number }) => void;
  readonly selection?: Selection;
  readonly onToggle?: (one: Selected) => void;
}

const t = text.restore;

export function FileVersions({ webRestore, path, onView, selection, onToggle }: FileVersionsProps) {
  const { data, error, refetch } = useQuery<VersionsResponse, ApiError>({
    queryKey: ["versions", webRestore, path],
    queryFn: ({ signal }) => call("listVersions", { params: { webRestore }, body: { path }, signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (error !== null) return <ErrorBox error={error} onRetry={() => void refetch()} />;
  const action: Column<Version> = {
    id: "action",
    title: t.versionColumns.action,
    cell: ({ entry, first, last }) => {
      const at = minuteTime(first.receivedAt);
      if (entry.kind !== "file") return t.kinds[entry.kind];
      const { name, kind, bytes } = entry;
      const selected = { snapshot: last.sequence, path, name, kind, bytes };
      const isIn = selection !== undefined && isSelected(selection, selected);
      return (
        <Group gap="md" wrap="nowrap">
          <button
            type="button"
            className="entry-act"
            aria-label={t.viewVersion(at)}
            onClick={() => onView({ entry, snapshot: last.sequence })}
          >
            {t.view}
          </button>
          {!entry.isMissing && (
            <a
              className="entry-act"
              href={urlOf("readFile", { params: { webRestore }, query: { snapshot: last.sequence, path } })}
              download
              aria-label={t.downloadVersion(at)}
            >
              {t.download}
            </a>
          )}
          {onToggle && (
            <button
              type="button"
              className="entry-act"
              aria-pressed={isIn}
              aria-label={t.selectVersion(at)}
              onClick={() => onToggle(selected)}
            >
              {isIn ? `✓ ${t.columns.select}` : t.columns.select}
            </button>
          )}
        </Group>
      );
    },
  };
  return (
    <DataTable
      label={t.versions}
      columns={[...COLUMNS, action]}
      rows={data?.items}
      rowId={({ first }) => String(first.sequence)}
      empty={<Empty title={t.noVersions} />}
    />
  );
}

const COLUMNS: readonly Column<Version>[] = [
  {
    id: "backedUp",
    title: t.versionColumns.backedUp,
    isMain: true,
    cell: ({ first }) => minuteTime(first.receivedAt),
  },
  {
    id: "until",
    title: t.versionColumns.until,
    cell: ({ last, deletedIn }) =>
      deletedIn === null ? minuteTime(last.receivedAt) : t.deletedAfter(minuteTime(last.receivedAt)),
  },
  { id: "modified", title: t.versionColumns.modified, cell: ({ entry }) => minuteTime(entry.modifiedAt) },
  {
    id: "size",
    title: t.versionColumns.size,
    isNumber: true,
    cell: ({ entry }) => (entry.bytes === null ? t.kinds[entry.kind] : formatBytes(entry.bytes)),
  },
];
