/** CSV that people upload: whatever spreadsheets write, or one clear refusal. */
import { HoldfastError } from "../../../protocol/errors.ts";

export interface CsvRow {
  /** Of the file, as spreadsheets count: the header is row 1. */
  readonly row: number;
  /** By column name as asked for; trimmed; `""` where the row is shorter. */
  readonly cells: Readonly<Record<string, string>>;
}

export interface CsvWanted {
  /** Must be in the header, in any order, in any case; other columns are passed over. */
  readonly columns: readonly string[];
  /** May be there, too. */
  readonly optional?: readonly string[];
  readonly rowsMax: number;
}

const MARKS = [
  { encoding: "utf-8", bytes: [0xef, 0xbb, 0xbf] },
  { encoding: "utf-16le", bytes: [0xff, 0xfe] },
  { encoding: "utf-16be", bytes: [0xfe, 0xff] },
] as const;

/** Commas or semicolons, CRLF or LF, with or without a byte order mark. Empty lines are passed over. Throws `csv/malformed`. */
export async function readCsv(
  bytes: Uint8Array,
  { columns, optional = [], rowsMax }: CsvWanted,
): Promise<readonly CsvRow[]> {
  const text = decode(bytes);
  const lines = await split(text);
  const [header, ...rows] = lines;
  if (header === undefined) throw malformed("it is empty");
  const names = header.cells.map((cell) => cell.trim().toLowerCase());
  const placeOf = new Map([...columns, ...optional].map((name) => [name, names.indexOf(name.toLowerCase())]));
  const absent = columns.filter((name) => placeOf.get(name) === -1);
  if (absent.length > 0)
    throw malformed(`its first line must name the columns ${columns.join(", ")}; there is no ${absent.join(", no ")}`);
  if (rows.length > rowsMax) throw malformed(`it has ${rows.length} rows, more than ${rowsMax}`);
  return rows.map(({ row, cells }) => ({
    row,
    cells: Object.fromEntries(Array.from(placeOf, ([name, place]) => [name, unescaped(cells[place] ?? "")])),
  }));
}

function decode(bytes: Uint8Array): string {
  const mark = MARKS.find((each) => each.bytes.every((byte, index) => bytes[index] === byte));
  try {
    return new TextDecoder(mark?.encoding ?? "utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw malformed("it is not UTF-8", cause);
  }
}

async function split(text: string): Promise<{ row: number; cells: string[] }[]> {
  const { parse } = await import("csv-parse/sync");
  const firstLine = text.slice(0, Math.max(0, text.search(/[\r\n]|$/)));
  const delimiter = firstLine.includes(",")
    ? ","
    : firstLine.includes(";")
      ? ";"
      : firstLine.includes("\t")
        ? "\t"
        : ",";
  if (text.includes("\0")) throw malformed("it has characters that no text has");
  const lines: { row: number; cells: string[] }[] = [];
  let row = 0;
  const onRecord = (cells: string[]) => {
    row++;
    if (cells.some((cell) => cell.trim() !== "")) lines.push({ row, cells });
    return undefined;
  };
  try {
    parse(text, { delimiter, relax_column_count: true, on_record: onRecord });
  } catch (cause) {
    throw malformed(cause instanceof Error ? cause.message.replace(/\.$/, "") : "its quotes don't fit together", cause);
  }
  return lines;
}

/** Our own files have an apostrophe before what a spreadsheet would take for a formula. */
const unescaped = (cell: string): string => cell.trim().replace(/^'(?=\s*[=+\-@\t\r])/, "");

const malformed = (reason: string, cause?: unknown): HoldfastError =>
  new HoldfastError("csv/malformed", { reason }, { cause });
