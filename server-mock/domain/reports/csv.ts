/**
 * CSV as spreadsheets read it: UTF-8 with its mark, CRLF, quotes where needed. A cell that a spreadsheet would take for a formula gets an
 * apostrophe before it: names are chosen by strangers.
 */

const MARK = "\ufeff";

/** One line after the other, in pieces of a page each. The library is loaded with the first report. */
export async function* csvPieces(
  columns: readonly string[],
  pages: AsyncIterable<readonly (readonly string[])[]>,
): AsyncGenerator<Buffer> {
  const { stringify } = await import("csv-stringify/sync");
  const toCsv = (rows: readonly (readonly string[])[]) =>
    Buffer.from(
      stringify(
        rows.map((row) => row.map(harmless)),
        { record_delimiter: "\r\n" },
      ),
    );
  yield Buffer.concat([Buffer.from(MARK), toCsv([columns])]);
  for await (const rows of pages) if (rows.length > 0) yield toCsv(rows);
}

/** Also behind spaces, and in the wide forms that East Asian keyboards give: some spreadsheets take them for the same. */
const FORMULA = /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/;

/** Spreadsheets end a file at a zero. */
function harmless(cell: string): string {
  const text = cell.replaceAll("\0", "");
  return FORMULA.test(text) ? `'${text}` : text;
}
