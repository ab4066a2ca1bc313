/** Tables as text for a terminal and as Markdown. */
import type { Cell, FigureTable } from "./figures.ts";

export const asText = (table: FigureTable): string => textTable(rowsOf(table));
export const asMarkdown = (table: FigureTable): string => markdownTable(rowsOf(table));

/** The first row is the head. */
export function textTable(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join("  ")
      .trimEnd();
  return `${rows.map(line).join("\n")}\n`;
}

export function markdownTable([head = [], ...body]: readonly (readonly string[])[]): string {
  const line = (row: readonly string[]): string => `| ${row.join(" | ")} |`;
  const rule = head.map((_, column) => (column === 0 ? "---" : "---:"));
  return `${[head, rule, ...body].map(line).join("\n")}\n`;
}

const rowsOf = ({ title, columns, rows }: FigureTable): string[][] => [
  [title, ...columns],
  ...rows.map(({ name, cells }) => [name, ...cells.map(shownCell)]),
];

/** `6.03 (2.9×)`; a star where other work disturbed. */
function shownCell(cell: Cell | undefined): string {
  if (cell === undefined) return "–";
  const ratio = cell.ratio === undefined ? "" : ` (${shownNumber(cell.ratio)}×)`;
  return `${shownNumber(cell.value)}${cell.disturbed ? "*" : ""}${ratio}`;
}

/** Three digits that matter. */
export function shownNumber(value: number): string {
  const magnitude = Math.abs(value);
  if (magnitude >= 99.95) return Math.round(value).toLocaleString("en");
  if (magnitude >= 9.995) return value.toFixed(1);
  return value.toFixed(2);
}
