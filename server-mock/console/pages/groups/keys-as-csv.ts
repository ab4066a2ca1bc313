/** Keys that were just made, as a file; the columns are those of the list. Nothing in a cell is a formula for a spreadsheet. */
import type { Answer } from "../../api/client.ts";
import { text } from "../../messages/messages.ts";

type Made = Answer<"createProductKeys">["keys"];

export function keysAsCsv(keys: Made): string {
  const { columns, types, states } = text.groups.keys;
  const head = [columns.key, columns.type, columns.state, columns.group, columns.user, columns.created];
  const lines = keys.map(({ productKey, kind, state, shown, user, createdAt }) => [
    productKey,
    types[kind],
    states[state],
    shown.group,
    user?.email ?? "",
    createdAt.slice(0, 10),
  ]);
  return `\ufeff${[head, ...lines].map((line) => line.map(cell).join(",")).join("\r\n")}\r\n`;
}

function cell(value: string): string {
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
