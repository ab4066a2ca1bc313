// biome-ignore-all lint/a11y/useSemanticElements: a table would have to hold all its rows.
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus.
/** One line of a listing. Buttons in it are for pointers: the keyboard works on the grid. */

import { DocumentIcon, FolderIcon, LinkIcon } from "@heroicons/react/24/outline";
import { Badge, Checkbox, Tooltip } from "@mantine/core";
import { type MouseEvent, memo } from "react";
import { Link } from "wouter";
import { formatBytes } from "../../../../base/format-bytes.ts";
import type { EntryView } from "../../../../protocol/messages/web-restore.ts";
import { text } from "../../messages/messages.ts";
import { NameText, visibleText } from "../../parts/name-text.tsx";
import { exactTime } from "../../parts/relative-time.tsx";
import { minuteTime } from "./minute-time.ts";
import { folderOf, readable } from "./spelled-path.ts";

export interface RowActs {
  /** A folder is entered, a file shown. */
  open(entry: EntryView): void;
  /** Of a folder. */
  hrefOf(entry: EntryView): string;
  /** Absent: nothing can be selected here. */
  readonly toggle?: ((entry: EntryView) => void) | undefined;
  stateOf(entry: EntryView): "selected" | "covered" | "not";
  readonly versions?: (entry: EntryView) => void;
  downloadUrlOf(entry: EntryView): string | undefined;
}

export interface EntryRowProps {
  readonly id: string;
  readonly entry: EntryView;
  /** From 0. */
  readonly index: number;
  readonly startPx: number;
  readonly heightPx: number;
  readonly isCurrent: boolean;
  readonly acts: RowActs;
  readonly hasDetails: boolean;
  readonly hasFolder: boolean;
  readonly onPoint: (index: number) => void;
}

const t = text.restore;

export const EntryRow = memo(function EntryRow(props: EntryRowProps) {
  const { id, entry, index, startPx, heightPx, isCurrent, acts, hasDetails, hasFolder, onPoint } = props;
  const { name, kind, bytes, modifiedAt, storedBytes, backedUpAt } = entry;
  const state = acts.stateOf(entry);
  const size = bytes === null ? "" : formatBytes(bytes);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys work on the grid.
    <div
      id={id}
      role="row"
      aria-rowindex={index + 2}
      {...(acts.toggle ? { "aria-selected": state !== "not" } : {})}
      className="entry-row"
      data-current={isCurrent}
      data-selected={state !== "not"}
      style={{ height: heightPx, transform: `translateY(${startPx}px)` }}
      onClick={() => onPoint(index)}
    >
      {acts.toggle && (
        <div role="gridcell">
          <Checkbox
            size="sm"
            tabIndex={-1}
            aria-label={t.select(visibleText(name))}
            checked={state !== "not"}
            disabled={state === "covered"}
            onChange={() => acts.toggle?.(entry)}
          />
        </div>
      )}
      <div role="gridcell" className="entry-name">
        <KindIcon kind={kind} />
        <div className="entry-texts">
          <div className="entry-title">
            <Name entry={entry} acts={acts} />
            <Marks entry={entry} />
          </div>
          {hasFolder && <div className="entry-under">{t.inFolder(visibleText(readable(folderOf(entry.path))))}</div>}
          <div className="entry-under entry-narrow">
            {[size, minuteTime(modifiedAt)].filter((part) => part !== "").join(" · ")}
          </div>
        </div>
      </div>
      <div role="gridcell" className="entry-number">
        {size}
      </div>
      {hasDetails && (
        <div role="gridcell" className="entry-number">
          {storedBytes === null ? "" : formatBytes(storedBytes)}
        </div>
      )}
      <div role="gridcell" title={exactTime(modifiedAt)}>
        {minuteTime(modifiedAt)}
      </div>
      {hasDetails && (
        <div role="gridcell" {...(backedUpAt === null ? {} : { title: exactTime(backedUpAt) })}>
          {backedUpAt === null ? "" : minuteTime(backedUpAt)}
        </div>
      )}
      {acts.versions && (
        <div role="gridcell" className="entry-actions">
          {kind === "file" && <FileActions entry={entry} acts={acts} />}
        </div>
      )}
    </div>
  );
});

function Name({ entry, acts }: { readonly entry: EntryView; readonly acts: RowActs }) {
  const { name, kind } = entry;
  if (kind === "folder")
    return (
      <Link href={acts.hrefOf(entry)} className="entry-open" tabIndex={-1}>
        <NameText value={name} />
      </Link>
    );
  if (kind !== "file") return <NameText value={name} />;
  return (
    <button type="button" className="entry-open" tabIndex={-1} onClick={() => acts.open(entry)}>
      <NameText value={name} />
    </button>
  );
}

function Marks({ entry: { deleted, isMissing, target } }: { readonly entry: EntryView }) {
  return (
    <>
      {target !== null && (
        <span className="entry-under">
          <bdi>{t.linkTo(visibleText(target))}</bdi>
        </span>
      )}
      {deleted !== null && (
        <Tooltip
          label={t.deletedHint(exactTime(deleted.receivedAt))}
          events={{ hover: true, focus: false, touch: true }}
        >
          <Badge size="sm">{t.deleted}</Badge>
        </Tooltip>
      )}
      {isMissing && (
        <Tooltip label={t.missingContentHint} events={{ hover: true, focus: false, touch: true }}>
          <Badge size="sm">{t.missingContent}</Badge>
        </Tooltip>
      )}
    </>
  );
}

function FileActions({ entry, acts }: { readonly entry: EntryView; readonly acts: RowActs }) {
  const url = acts.downloadUrlOf(entry);
  const stop = (event: MouseEvent) => event.stopPropagation();
  return (
    <>
      <button
        type="button"
        tabIndex={-1}
        className="entry-act"
        aria-label={t.versionsNamed(visibleText(entry.name))}
        onClick={() => acts.versions?.(entry)}
      >
        {t.versions}
      </button>
      {url !== undefined && (
        <a
          href={url}
          download
          tabIndex={-1}
          className="entry-act"
          aria-label={t.downloadNamed(visibleText(entry.name))}
          onClick={stop}
        >
          {t.download}
        </a>
      )}
    </>
  );
}

function KindIcon({ kind }: Pick<EntryView, "kind">) {
  const Icon = kind === "folder" ? FolderIcon : kind === "link" ? LinkIcon : DocumentIcon;
  return <Icon className={`entry-icon is-${kind}`} role="img" aria-label={t.kinds[kind]} />;
}
