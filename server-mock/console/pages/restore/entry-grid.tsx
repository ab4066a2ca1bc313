// biome-ignore-all lint/a11y/useSemanticElements: a table would have to hold all its rows.
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus.
/**
 * A listing of any length: only the rows that are seen exist. The grid has the focus and says which row is meant, so that keys work while rows come and
 * go below it.
 */
import { Skeleton } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type ReactNode, useCallback, useEffect, useId, useRef, useState } from "react";
import { text } from "../../messages/messages.ts";
import { moveOf, rowTyped, type Typed, typedNow } from "./entry-keys.ts";
import { EntryRow, type RowActs } from "./entry-row.tsx";
import type { Entries } from "./use-entries.ts";
import "./restore.css";

export interface EntryGridProps {
  readonly label: string;
  readonly entries: Pick<Entries, "rows" | "isWhole" | "isFetching" | "more">;
  /** What is shown: with another one the grid begins at its top again. */
  readonly of: string;
  /** Where the first look goes: the folder that somebody comes back from. */
  readonly beginAt: string | undefined;
  readonly acts: RowActs;
  readonly onUp: () => void;
  readonly hasDetails: boolean;
  /** Rows say which folder they are in. */
  readonly hasFolders: boolean;
  /** Heads the column of check boxes. */
  readonly selectAll: ReactNode;
  readonly empty: ReactNode;
}

const HEAD_PX = 40;
const ROW_PX = 40;
/** Two lines. */
const TALL_ROW_PX = 56;
/** The next page is asked for so many rows before its end. */
const AHEAD = 300;

const { columns } = text.restore;

export function EntryGrid(props: EntryGridProps) {
  const { label, entries, of, beginAt, acts, onUp, hasDetails, hasFolders, selectAll, empty } = props;
  const { rows, isWhole, isFetching, more } = entries;
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const typed = useRef<Typed>({ text: "", atMs: 0 });
  const [current, setCurrent] = useState({ of, row: 0, isToEnd: false });
  const isNarrow = useMediaQuery("(max-width: 48em)", false, { getInitialValueInEffect: false });
  const count = rows?.length ?? 0;
  const begin = rows === undefined || beginAt === undefined ? -1 : rows.findIndex(({ path }) => path === beginAt);
  const { row: wanted, isToEnd } = current.of === of ? current : { row: Math.max(0, begin), isToEnd: false };
  const row = Math.min(wanted, Math.max(0, count - 1));
  const isTall = isNarrow || hasFolders;
  const list = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => (isTall ? TALL_ROW_PX : ROW_PX),
    overscan: 12,
    // The head stays above the rows.
    scrollMargin: HEAD_PX,
    scrollPaddingStart: HEAD_PX,
  });
  const { scrollToIndex, measure } = list;
  // biome-ignore lint/correctness/useExhaustiveDependencies: all rows have another height now.
  useEffect(measure, [isTall, measure]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another listing begins at its own place.
  useEffect(() => {
    if (count > 0) scrollToIndex(row, { align: begin > 0 ? "center" : "auto" });
  }, [of, count > 0]);
  const shown = list.getVirtualItems();
  const lastShown = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (!isWhole && !isFetching && (lastShown >= count - AHEAD || isToEnd)) more();
  });
  // Whoever went to the end stays there while the rest comes.
  useEffect(() => {
    if (isToEnd && count > 0) scrollToIndex(count - 1);
  }, [isToEnd, count, scrollToIndex]);

  const goTo = (next: number, toEnd = false) => {
    setCurrent({ of, row: next, isToEnd: toEnd });
    if (count > 0) scrollToIndex(next, { align: "auto" });
  };
  const point = useCallback(
    (index: number) => {
      setCurrent({ of, row: index, isToEnd: false });
      // Whoever points with the mouse may go on with keys.
      scroller.current?.focus({ preventScroll: true });
    },
    [of],
  );
  const entry = rows?.[isToEnd ? count - 1 : row];
  const at = isToEnd ? Math.max(0, count - 1) : row;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== scroller.current) return;
    const seen = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / (isTall ? TALL_ROW_PX : ROW_PX)) - 2);
    const move = moveOf(event.key, { row: at, rows: count, seen });
    if (move === undefined) {
      if (event.key.length !== 1) return;
      typed.current = typedNow(typed.current, event.key, event.timeStamp);
      const found = rowTyped(rows ?? [], at, typed.current.text);
      if (found !== undefined) goTo(found);
      return;
    }
    event.preventDefault();
    if (move.kind === "up") return onUp();
    if (entry === undefined) return;
    if (move.kind === "to") return goTo(move.row);
    if (move.kind === "end") return goTo(count - 1, !isWhole);
    if (move.kind === "open") return acts.open(entry);
    acts.toggle?.(entry);
  };
  const look = `${hasDetails ? "is-detailed" : ""} ${acts.toggle ? "has-select" : ""}`;
  return (
    <div className={`entry-grid ${look}`}>
      <div
        ref={scroller}
        role="grid"
        aria-label={label}
        aria-rowcount={isWhole ? count + 1 : -1}
        aria-multiselectable={acts.toggle !== undefined}
        aria-busy={rows === undefined}
        aria-describedby={`${id}-keys`}
        tabIndex={0}
        className="entry-scroller"
        onKeyDown={onKeyDown}
        {...(entry === undefined ? {} : { "aria-activedescendant": `${id}-${at}` })}
      >
        <div role="rowgroup" className="entry-head-group">
          <div role="row" className="entry-row entry-head" aria-rowindex={1}>
            {acts.toggle && (
              <Head name={columns.select} isHidden={selectAll === null}>
                {selectAll}
              </Head>
            )}
            <Head name={columns.name}>{columns.name}</Head>
            <Head name={columns.size} isNumber>
              {columns.size}
            </Head>
            {hasDetails && (
              <Head name={columns.stored} isNumber>
                {columns.stored}
              </Head>
            )}
            <Head name={columns.modified}>{columns.modified}</Head>
            {hasDetails && <Head name={columns.backedUp}>{columns.backedUp}</Head>}
            {acts.versions && (
              <Head name={columns.actions} isNumber>
                {columns.actions}
              </Head>
            )}
          </div>
        </div>
        {rows === undefined ? (
          <div role="rowgroup">
            {SKELETONS.map((each) => (
              <div role="row" key={each} className="entry-skeleton">
                <div role="gridcell">
                  <Skeleton height={16} />
                </div>
              </div>
            ))}
          </div>
        ) : (
          <div role="rowgroup" className="entry-body" style={{ height: list.getTotalSize() }}>
            {shown.map(({ index, start, size }) => {
              const each = rows[index];
              if (each === undefined) return null;
              return (
                <EntryRow
                  key={index}
                  id={`${id}-${index}`}
                  entry={each}
                  index={index}
                  startPx={start - HEAD_PX}
                  heightPx={size}
                  isCurrent={index === at}
                  acts={acts}
                  hasDetails={hasDetails}
                  hasFolder={hasFolders}
                  onPoint={point}
                />
              );
            })}
          </div>
        )}
        {rows !== undefined && count === 0 && (isWhole ? empty : <Skeleton height={16} m="md" w="40%" />)}
      </div>
      <p id={`${id}-keys`} className="entry-keys">
        {text.restore.keys}
      </p>
    </div>
  );
}

const SKELETONS = ["1", "2", "3", "4", "5", "6", "7", "8"];

interface HeadProps {
  readonly name: string;
  readonly isNumber?: boolean;
  /** There is nothing to be seen in it. */
  readonly isHidden?: boolean;
  readonly children: ReactNode;
}

const Head = ({ name, isNumber = false, isHidden = false, children }: HeadProps) => (
  <div role="columnheader" className={isNumber ? "entry-number" : ""} {...(isHidden ? { "aria-label": name } : {})}>
    {children}
  </div>
);
