/** Text in columns. */
import { stripVTControlCharacters } from "node:util";

export interface Column<Row> {
  readonly title: string;
  readonly align?: "left" | "right";
  readonly value: (row: Row) => string;
}

/** Lines without trailing spaces; the first has the titles. */
export function table<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string[] {
  const cells = [columns.map((column) => column.title), ...rows.map((row) => columns.map((each) => each.value(row)))];
  const widths = columns.map((_, index) =>
    cells.reduce((widest, line) => Math.max(widest, width(line[index] ?? "")), 0),
  );
  return cells.map((line) =>
    line
      .map((cell, index) => padded(cell, widths[index] ?? 0, columns[index]?.align))
      .join("  ")
      .trimEnd(),
  );
}

/** `name   value` lines, for one thing's facts; long values go on below themselves where `columns` are given. */
export function facts(rows: readonly (readonly [name: string, value: string])[], columns?: number): string[] {
  const widest = rows.reduce((most, [name]) => Math.max(most, width(name)), 0);
  const room = columns === undefined ? Number.POSITIVE_INFINITY : Math.max(20, columns - widest - 2);
  return rows.flatMap(([name, value]) =>
    wrapped(value, room).map((line, at) => `${padded(at === 0 ? name : "", widest)}  ${line}`.trimEnd()),
  );
}

/** Lines of whole words, at most `columns` wide but for words that are wider; styles take no room. */
export function wrapped(text: string, columns: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const line = lines.at(-1);
    if (line === undefined || width(stripVTControlCharacters(`${line} ${word}`)) > columns) lines.push(word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines;
}

function padded(text: string, columns: number, align: "left" | "right" = "left"): string {
  const space = " ".repeat(Math.max(0, columns - width(text)));
  return align === "right" ? space + text : text + space;
}

const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{1f300}-\u{1faff}]|[\u{20000}-\u{3fffd}]/gu;
const WITHOUT_WIDTH = /\p{Mn}|\p{Me}|\u200c|\u200d|[\ufe00-\ufe0f]/gu;

/** Columns that a text takes on a terminal, near enough for a table. */
export function width(text: string): number {
  // Most names are ASCII.
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  const bare = text.replace(WITHOUT_WIDTH, "");
  return Array.from(bare).length + (bare.match(WIDE)?.length ?? 0);
}

/** At most `columns` wide; what is left out is in the middle, for a path's end says most. */
export function shortened(text: string, columns: number): string {
  if (width(text) <= columns) return text;
  const characters = Array.from(text);
  let head = Math.max(0, Math.floor(columns / 3) - 1);
  let tail = Math.max(0, columns - head - 1);
  const joined = () => `${characters.slice(0, head).join("")}…${characters.slice(characters.length - tail).join("")}`;
  while (width(joined()) > columns && head + tail > 0) {
    if (tail > head) tail--;
    else head--;
  }
  return columns < 1 ? "" : joined();
}
