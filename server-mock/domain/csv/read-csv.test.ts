import { stringify } from "csv-stringify/sync";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readCsv } from "./read-csv.ts";

const WANTED = { columns: ["Name", "E-Mail"], rowsMax: 5 };
const read = (text: string | Uint8Array) =>
  readCsv(typeof text === "string" ? Buffer.from(text) : text, WANTED).then((rows) =>
    rows.map(({ row, cells }) => [row, cells.Name, cells["E-Mail"]]),
  );
const refusal = (text: string | Uint8Array) => read(text).catch((error) => [error.code, error.data?.reason]);

test.each([
  ["plain", "Name,E-Mail\nann,a@x\n"],
  ["with CRLF and no last line end", "Name,E-Mail\r\nann,a@x"],
  ["with a byte order mark", "\ufeffName,E-Mail\r\nann,a@x\r\n"],
  ["with semicolons", "Name;E-Mail\r\nann;a@x\r\n"],
  ["with other columns in between, in another order and case", "e-mail,Age,NAME\na@x,7,ann\n"],
  ["with quotes", '"Name","E-Mail"\n"ann","a@x"\n'],
  ["with blanks around cells", "Name,E-Mail\n ann , a@x \n"],
])("a file %s is read", async (_, text) => {
  expect(await read(text)).toEqual([[2, "ann", "a@x"]]);
});

test("UTF-16, as some spreadsheets save it, is read", async () => {
  const marked = Buffer.from("\ufeffName,E-Mail\r\nJürgen,a@x\r\n", "utf16le");
  expect(await read(marked)).toEqual([[2, "Jürgen", "a@x"]]);
  expect(await read(Buffer.from(marked).swap16())).toEqual([[2, "Jürgen", "a@x"]]);
});

test("rows keep the numbers that a spreadsheet shows, whatever is between them", async () => {
  const text = 'Name,E-Mail\n\n"ann, the\nfirst",a@x\n,\nbob,b@x\ncut\n';
  expect(await read(text)).toEqual([
    [3, "ann, the\nfirst", "a@x"],
    [5, "bob", "b@x"],
    [6, "cut", ""],
  ]);
});

test("the apostrophe that our own files put before formulas is taken off again", async () => {
  expect(await read("Name,E-Mail\n'=1+1,'a@x\n")).toEqual([[2, "=1+1", "'a@x"]]);
});

test.each([
  ["nothing", "", "it is empty"],
  ["no such columns", "Name,Mail\na,b\n", "its first line must name the columns Name, E-Mail; there is no E-Mail"],
  ["too many rows", `Name,E-Mail\n${"a,b\n".repeat(6)}`, "it has 6 rows, more than 5"],
  ["Latin-1", Buffer.from("Name,E-Mail\nJ\xfcrgen,a@x\n", "latin1"), "it is not UTF-8"],
  ["a program", "Name,E-Mail\na\0b,c\n", "it has characters that no text has"],
])("a file with %s is refused with its reason", async (_, text, reason) => {
  expect(await refusal(text)).toEqual(["csv/malformed", reason]);
});

test("an open quote is refused, not guessed at", async () => {
  const [code, reason] = await refusal('Name,E-Mail\n"ann,a@x\nbob,b@x\n');
  expect([code, reason]).toEqual(["csv/malformed", expect.stringContaining("Quote")]);
});

test("whatever is written as CSV is read again", async () => {
  const cell = fc.string({ unit: "grapheme", maxLength: 12 }).map((text) => text.replaceAll("\0", "").trim());
  const rows = fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(rows, async (cells) => {
      const plain = cells.filter(
        ([a, b]) => (a !== "" || b !== "") && !/^'\s*[=+\-@\t\r]/.test(a) && !/^'\s*[=+\-@\t\r]/.test(b),
      );
      const text = stringify([["Name", "E-Mail"], ...plain], { record_delimiter: "\r\n" });
      expect((await read(text)).map(([, ...found]) => found)).toEqual(plain);
    }),
  );
});
