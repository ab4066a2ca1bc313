/** The tree of one snapshot: where one is, search, the listing, and one file of it in a dialog. */
import { Stack, Text } from "@mantine/core";
import { useEffect, useMemo, useRef, useState } from "react";
import { formatBytes } from "../../../../base/format-bytes.ts";
import type { EntryView, WebRestoreView } from "../../../../protocol/messages/web-restore.ts";
import { urlOf } from "../../api/client.ts";
import { text } from "../../messages/messages.ts";
import { Empty } from "../../parts/empty.tsx";
import { ErrorBox } from "../../parts/error-box.tsx";
import { shortDate } from "../../parts/relative-time.tsx";
import { EntryGrid } from "./entry-grid.tsx";
import type { RowActs } from "./entry-row.tsx";
import { FileDialog, type ShownFile } from "./file-dialog.tsx";
import { FolderCrumbs } from "./folder-crumbs.tsx";
import { FolderToggle } from "./folder-toggle.tsx";
import { NotOpened } from "./not-restorable.tsx";
import { SearchTools } from "./search-tools.tsx";
import { isCovered, isSelected, type Selected, type Selection, withoutSelected, withSelected } from "./selection.ts";
import { SessionEnded } from "./session-ended.tsx";
import { folderOf, isBelow, ROOT, readable } from "./spelled-path.ts";
import { type Entries, useEntries } from "./use-entries.ts";
import type { PlaceState } from "./use-place.ts";
import { hasEnded } from "./use-web-restore.ts";

export interface FileBrowserProps {
  readonly opened: WebRestoreView;
  readonly place: PlaceState;
  /** Absent: files are looked at, nothing is taken. */
  readonly selecting?: { readonly selection: Selection; readonly onChange: (next: Selection) => void };
  /** Sizes as they are stored and times of backup. */
  readonly hasDetails?: boolean;
  readonly onReopen: () => void;
}

const t = text.restore;

export function FileBrowser({ opened, place, selecting, hasDetails = false, onReopen }: FileBrowserProps) {
  const entries = useEntries({ webRestore: opened.id, place, hasDetails });
  const [shown, setShown] = useState<ShownFile>();
  const cameFrom = useRef({ folder: place.folder, before: "" });
  if (cameFrom.current.folder !== place.folder)
    cameFrom.current = { folder: place.folder, before: cameFrom.current.folder };
  useDescent(place, entries);
  const sequence = entries.snapshot?.sequence;
  const { folder, search } = place;
  const enter = (path: string) => place.go({ folder: path, search: "" });
  const toggle = (wanted: Selected) => {
    if (selecting === undefined || isCovered(selecting.selection, wanted)) return;
    const { selection, onChange } = selecting;
    onChange(isSelected(selection, wanted) ? withoutSelected(selection, wanted) : withSelected(selection, wanted));
  };
  const show = (entry: EntryView, firstTab: ShownFile["firstTab"]) => {
    if (sequence !== undefined) setShown({ entry, snapshot: selectedOf(entry, sequence).snapshot, firstTab });
  };
  const acts: RowActs = {
    open: (entry) => {
      if (entry.kind === "folder") enter(entry.path);
      else if (entry.kind === "file") show(entry, "content");
    },
    hrefOf: ({ path }) => place.hrefOf({ folder: path, search: "" }),
    toggle: selecting && ((entry) => toggle(selectedOf(entry, sequence ?? 0))),
    stateOf: (entry) => {
      if (selecting === undefined) return "not";
      const of = selectedOf(entry, sequence ?? 0);
      if (isCovered(selecting.selection, of)) return "covered";
      return isSelected(selecting.selection, of) ? "selected" : "not";
    },
    ...(hasDetails ? {} : { versions: (entry) => show(entry, "versions") }),
    downloadUrlOf: (entry) =>
      sequence === undefined || entry.isMissing
        ? undefined
        : urlOf("readFile", {
            params: { webRestore: opened.id },
            query: { snapshot: selectedOf(entry, sequence).snapshot, path: entry.path },
          }),
  };
  // Rows are drawn again only when what they show has changed.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the acts follow from these.
  const kept = useMemo(() => acts, [opened.id, sequence, selecting?.selection, place.hrefOf({}), hasDetails]);
  if (hasEnded(entries.error)) return <SessionEnded onReopen={onReopen} />;
  // Turned off since it was opened.
  if (entries.error?.code === "restore/web-off")
    return <NotOpened error={entries.error} snapshot={place.snapshot ?? opened.latest?.sequence} onRetry={onReopen} />;
  const whole = sequence === undefined || search !== "" ? undefined : { snapshot: sequence, path: folder };
  return (
    <Stack gap="sm">
      <SearchTools key={folder} place={place} />
      <FolderCrumbs place={place} machine={opened.machineName} />
      {entries.error !== null && <ErrorBox error={entries.error} onRetry={() => void entries.refetch()} />}
      {(entries.error === null || entries.rows !== undefined) && (
        <>
          <EntryGrid
            label={search === "" ? t.listing(readable(folder)) : t.found(search)}
            entries={entries}
            of={`${opened.id} ${place.hrefOf({})}`}
            beginAt={isBelow(cameFrom.current.before, folder) ? childOf(folder, cameFrom.current.before) : undefined}
            acts={kept}
            onUp={() => {
              if (search !== "") place.go({ search: "" });
              else if (folder !== folderOf(folder)) enter(folderOf(folder));
            }}
            hasDetails={hasDetails}
            hasFolders={search !== ""}
            selectAll={
              selecting && whole ? (
                <FolderToggle selection={selecting.selection} of={whole} onToggle={(one) => toggle(one)} />
              ) : null
            }
            empty={
              search === "" ? (
                <Empty title={t.emptyFolder} hint={t.emptyFolderHint} />
              ) : (
                <Empty title={text.common.nothingFound} hint={t.nothingFoundHint} />
              )
            }
          />
          <Counts entries={entries} />
        </>
      )}
      <FileDialog
        webRestore={opened.id}
        shown={shown}
        onClose={() => setShown(undefined)}
        {...(selecting === undefined ? {} : { selection: selecting.selection, onToggle: toggle })}
      />
    </Stack>
  );
}

/** Whoever opens a machine begins where its files are: folders that hold nothing but one folder are gone through, this once. */
function useDescent(place: PlaceState, { rows, isWhole }: Entries): void {
  const isDescending = useRef(place.folder === ROOT && place.search === "");
  useEffect(() => {
    if (!isDescending.current || rows === undefined) return;
    const [only, second] = rows;
    isDescending.current = isWhole && only?.kind === "folder" && second === undefined && place.search === "";
    if (isDescending.current && only !== undefined) place.go({ folder: only.path }, { replace: true });
  }, [rows, isWhole, place]);
}

/** A deleted one is taken from the snapshot that had it last. */
const selectedOf = ({ path, name, kind, bytes, deleted }: EntryView, snapshot: number): Selected => ({
  snapshot: deleted?.snapshot ?? snapshot,
  path,
  name,
  kind,
  bytes,
});

/** The entry of the folder that leads to what is below it. */
const childOf = (folder: string, below: string): string => {
  const start = folder.endsWith("/") ? folder : `${folder}/`;
  return start + (below.slice(start.length).split("/")[0] ?? "");
};

function Counts({ entries: { rows, isWhole, looked, lookedBack } }: { readonly entries: Entries }) {
  if (rows === undefined) return null;
  const bytes = rows.reduce((sum, row) => sum + (row.bytes ?? 0), 0);
  const parts = [
    isWhole ? t.shownAll(rows.length) : t.shownSoFar(rows.length),
    ...(bytes > 0 ? [formatBytes(bytes)] : []),
    ...(looked === undefined ? [] : [t.looked(looked)]),
    ...(lookedBack?.since ? [t.lookedBack(lookedBack.snapshots, shortDate(lookedBack.since))] : []),
  ];
  return (
    <Text size="sm" c="dimmed" role="status">
      {parts.join(" · ")}
    </Text>
  );
}
