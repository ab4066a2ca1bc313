/** A letter as plain text and as HTML. Values are names that people chose: they are shown as text, and never end a line or a tag. */
import { bug } from "../../../protocol/errors.ts";
import { FOOTERS, LETTERS, type Letter, type LetterName, type Part } from "./letters.ts";

export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export type Values = Readonly<Record<string, string | number | readonly string[] | Table>>;

export interface Rendered {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

const SUBJECT_MAX = 200;

/** `more`: parts that this one mail has behind the letter's own. Every `{name}` must have a value. */
export function renderLetter(name: LetterName, values: Values, more: readonly Part[] = []): Rendered {
  const letter: Letter = LETTERS[name];
  const parts = [...letter.body, ...more];
  const footer = fill(FOOTERS[letter.why], values);
  const subject = fill(letter.subject, values).slice(0, SUBJECT_MAX);
  const text = [...parts.map((part) => textOf(part, values)), `--\n${footer}`].filter((each) => each !== "");
  return { subject, text: `${text.join("\n\n")}\n`, html: page(subject, parts, footer, values) };
}

/** What could end a header's line or turn the reading direction round becomes a space. */
export const plain = (text: string): string =>
  text.replace(/[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu, " ").trim();

function fill(template: string, values: Values): string {
  return template.replace(/\{(\w+)\}/g, (_, key: string) => {
    const value = values[key];
    return typeof value === "string" || typeof value === "number"
      ? plain(String(value))
      : bug(`a mail has no value for {${key}}`);
  });
}

function textOf(part: Part, values: Values): string {
  if (typeof part === "string") return fill(part, values);
  if ("button" in part) return `${part.button}: ${fill(part.url, values)}`;
  if ("code" in part) return `    ${fill(`{${part.code}}`, values)}`;
  if ("list" in part)
    return lines(part.list, values)
      .map((line) => `  - ${line}`)
      .join("\n");
  const { title, columns, rows } = tableOf(part.table, values);
  const body =
    rows.length === 0
      ? ["  none"]
      : rows.map((row) => `  ${row.map((cell, at) => `${columns[at]}: ${plain(cell)}`).join(" | ")}`);
  return [plain(title), ...body].join("\n");
}

function htmlOf(part: Part, values: Values): string {
  if (typeof part === "string") return `<p>${escaped(fill(part, values))}</p>`;
  if ("button" in part) {
    const url = escaped(fill(part.url, values));
    return `<p><a href="${url}" style="${BUTTON}">${escaped(part.button)}</a></p><p style="${SMALL}">${url}</p>`;
  }
  if ("code" in part) return `<pre style="${CODE}">${escaped(fill(`{${part.code}}`, values))}</pre>`;
  if ("list" in part)
    return `<ul>${lines(part.list, values)
      .map((line) => `<li>${escaped(line)}</li>`)
      .join("")}</ul>`;
  const { title, columns, rows } = tableOf(part.table, values);
  const row = (cells: readonly string[], tag: "th" | "td") =>
    `<tr>${cells.map((cell) => `<${tag} style="${CELL}">${escaped(plain(cell))}</${tag}>`).join("")}</tr>`;
  const body = rows.length === 0 ? row(["none"], "td") : rows.map((cells) => row(cells, "td")).join("");
  return `<h2 style="${HEADING}">${escaped(plain(title))}</h2><table style="${TABLE}">${row(columns, "th")}${body}</table>`;
}

const page = (subject: string, parts: readonly Part[], footer: string, values: Values): string =>
  [
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escaped(subject)}</title></head>`,
    `<body style="${BODY}">`,
    ...parts.map((part) => htmlOf(part, values)),
    `<hr><p style="${SMALL}">${escaped(footer)}</p></body></html>`,
  ].join("\n");

function lines(key: string, values: Values): string[] {
  const value = values[key];
  return Array.isArray(value) ? value.map(plain) : bug(`a mail has no lines {${key}}`);
}

function tableOf(key: string, values: Values): Table {
  const value = values[key];
  return typeof value === "object" && "rows" in value ? value : bug(`a mail has no table {${key}}`);
}

const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

const BODY = "font:16px/1.5 system-ui,sans-serif;color:#1a1a1a;max-width:44em;margin:1em";
const BUTTON =
  "display:inline-block;padding:.6em 1em;background:#14532d;color:#fff;text-decoration:none;border-radius:4px";
const CODE = "background:#f4f4f5;padding:.6em;overflow:auto";
const SMALL = "font-size:13px;color:#555;overflow-wrap:anywhere";
const HEADING = "font-size:17px;margin:1.4em 0 .4em";
const TABLE = "border-collapse:collapse";
const CELL = "border:1px solid #ccc;padding:.25em .6em;text-align:left;vertical-align:top";
