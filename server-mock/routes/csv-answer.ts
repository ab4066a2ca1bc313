/** A list as a CSV file, sent page by page. */
import type { Columns } from "../domain/records/record-columns.ts";
import { csvPieces } from "../domain/reports/csv.ts";
import type { BytesAnswer } from "../http/call.ts";

export function csvAnswer<Row>(name: string, columns: Columns<Row>, pages: AsyncIterable<readonly Row[]>): BytesAnswer {
  const lines = async function* () {
    for await (const rows of pages) yield rows.map((row) => columns.map(([, cell]) => cell(row)));
  };
  const pieces = csvPieces(
    columns.map(([heading]) => heading),
    lines(),
  );
  return csvFile(name, pieces);
}

export function csvFile(name: string, pieces: AsyncIterable<Buffer>): BytesAnswer {
  return {
    bytes: async (write) => {
      for await (const piece of pieces) await write(piece);
    },
    headers: { "content-disposition": `attachment; filename="${name}.csv"` },
  };
}
