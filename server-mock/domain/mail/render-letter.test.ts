import fc from "fast-check";
import { expect, test } from "vitest";
import { LETTERS, type LetterName } from "./letters.ts";
import { renderLetter } from "./render-letter.ts";

const LISTS = ["keys", "problems"];
const names = Object.keys(LETTERS) as LetterName[];

/** A value for everything that any letter names. */
const values = (text: string) => {
  const wanted = new Set(
    JSON.stringify(LETTERS)
      .match(/\{(\w+)\}/g)
      ?.map((each) => each.slice(1, -1)),
  );
  for (const also of ["name", "login", "organization", "settingsUrl", "schedule", "command"]) wanted.add(also);
  return Object.fromEntries(
    [...wanted].map((key) => [key, text]).concat(LISTS.map((key) => [key, [text, text]] as never)),
  );
};

test.each(names)("%s says the same in plain text and in HTML", (name) => {
  const { subject, text, html } = renderLetter(name, values("Ada"));
  expect(subject).not.toBe("");
  const bare = html
    .replace(/^.*<body[^>]*>/s, "")
    .replace(/<[^>]+>/g, " ")
    .replace(/&#(\d+);/g, (_, code) => String.fromCharCode(code));
  const words = (all: string) => new Set(all.match(/[A-Za-z]{4,}/g));
  expect([...words(text)].filter((word) => !words(bare).has(word))).toEqual([]);
  expect(text + html).not.toMatch(/\{\w+\}/);
});

test("whatever people are called, they add no line, no tag and no turn of the reading direction", () => {
  const hostile = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom(
      "<script>alert(1)</script>",
      "a\r\nBcc: b@c",
      '"><img src=x onerror=1>',
      "\u202egnp.exe",
      "&amp;<b>",
      "{name}",
    ),
  );
  fc.assert(
    fc.property(hostile, fc.constantFrom(...names), (text, name) => {
      const told = renderLetter(name, values(text));
      const calm = renderLetter(name, values("Ada"));
      expect(told.subject).not.toMatch(/[\r\n\u2028\u202e]/);
      // Fewer when nothing is left of a name: a line of nothing is left out.
      expect(told.html.match(/</g)?.length).toBeLessThanOrEqual(calm.html.match(/</g)?.length ?? 0);
      expect(told.text.split("\n").length).toBeLessThanOrEqual(calm.text.split("\n").length);
    }),
  );
});

test("a value that is missing is a mistake of ours, not a hole in the mail", () => {
  expect(() => renderLetter("activation", { name: "Ada" })).toThrow(expect.objectContaining({ code: "bug/invariant" }));
});

test("a table is drawn in both forms, an empty one says so", () => {
  const table = (rows: string[][]) => ({ title: "Late", columns: ["Machine", "Since"], rows });
  const of = (rows: string[][]) => renderLetter("summary", { ...values("x"), late: table(rows) }, [{ table: "late" }]);
  expect(of([["den <1>", "3 days"]]).text).toContain("Machine: den <1> | Since: 3 days");
  expect(of([["den <1>", "3 days"]]).html).toContain("den &#60;1&#62;");
  expect(of([]).text).toContain("none");
});
