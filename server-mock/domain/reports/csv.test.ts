import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { expect, test } from "vitest";
import { csvPieces } from "./csv.ts";

async function csv(...rows: string[][]): Promise<string> {
  const pages = (async function* () {
    yield rows;
  })();
  const pieces = [];
  for await (const piece of csvPieces(["A", "B"], pages)) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

test("a file begins with the mark of UTF-8 and its columns, lines end with CRLF", async () => {
  expect(await csv(["1", "ü"], ['say "hi"', "a,b"])).toBe('\ufeffA,B\r\n1,ü\r\n"say ""hi""","a,b"\r\n');
});

test.each(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", " =1", "\u00a0@x", "\n=1"])(
  "%j is shown, not calculated",
  async (formula) => {
    const [, [cell] = []] = parse(await csv([formula, ""]), { bom: true }) as string[][];
    expect(cell).toBe(`'${formula}`);
  },
);

test("whatever is in the cells, the file has its rows and columns, and no cell begins as a formula", async () => {
  const cell = fc.string({ unit: "binary" });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(cell, cell), { maxLength: 5 }), async (rows) => {
      const read = parse(await csv(...rows), {
        bom: true,
        relax_column_count: false,
        record_delimiter: "\r\n",
      }) as string[][];
      expect(read.length).toBe(rows.length + 1);
      for (const row of read) {
        expect(row.length).toBe(2);
        for (const each of row) expect(each).not.toMatch(/^\s*[=+\-@]|^[\t\r\n]/);
      }
    }),
  );
});
