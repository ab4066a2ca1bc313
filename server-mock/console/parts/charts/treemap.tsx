/** What uses the space: areas in proportion to sizes, each with its name and size as text. */
import { useElementSize } from "@mantine/hooks";
import { formatBytes } from "../../../../base/format-bytes.ts";
import { text } from "../../messages/messages.ts";
import { visibleText } from "../name-text.tsx";
import "./treemap.css";
import { isOthers, type Sized, treemapTiles } from "./treemap-tiles.ts";

export interface TreemapProps<Item extends Sized> {
  /** What it is about, for screen readers. */
  readonly label: string;
  readonly items: readonly Item[];
  readonly height?: number;
  /** Goes into one: a folder. Absent: they are only shown. */
  readonly onOpen?: (item: Item) => void;
  /** False: there is nothing to go into, like a file. */
  readonly mayOpen?: (item: Item) => boolean;
  /** Of the others: all in a list. */
  readonly onOpenOthers?: () => void;
}

export function Treemap<Item extends Sized>({
  label,
  items,
  height = 260,
  onOpen,
  mayOpen,
  onOpenOthers,
}: TreemapProps<Item>) {
  const { ref, width } = useElementSize<HTMLUListElement>();
  return (
    <ul ref={ref} className="treemap" aria-label={label} style={{ height }}>
      {treemapTiles(items, { width, height }).map(({ item, left, top, width: wide, height: high }, index) => {
        const name = isOthers(item) ? text.charts.treemapOthers(item.count) : visibleText(item.name);
        const isOpen = isOthers(item) || mayOpen === undefined || mayOpen(item);
        const open = isOthers(item) ? onOpenOthers : isOpen && onOpen ? () => onOpen(item) : undefined;
        const size = formatBytes(item.sizeBytes);
        const content = (
          <>
            <bdi className="treemap-name">{name}</bdi>
            <span className="treemap-size">{size}</span>
          </>
        );
        const look = `treemap-tile treemap-${isOthers(item) ? "others" : index % 6}`;
        const said = `${name}, ${size}`;
        return (
          <li key={item.id} style={{ left, top, width: wide, height: high }}>
            {open === undefined ? (
              <div className={look} title={said}>
                {content}
              </div>
            ) : (
              <button type="button" className={look} title={said} aria-label={said} onClick={open}>
                {content}
              </button>
            )}
          </li>
        );
      })}
    </ul>
  );
}
