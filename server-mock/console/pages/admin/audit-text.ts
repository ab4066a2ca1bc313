/** Details of audit rows: JSON objects of what was asked for, or a sentence. Shown as names and values, without anything that JSON needs for itself. */

/** Names with values; a sentence, or what can't be read, has the name "". */
export function detailOf(detail: string): readonly (readonly [name: string, value: string])[] {
  if (detail === "") return [];
  const read = parsed(detail);
  if (typeof read !== "object" || read === null) return [["", detail]];
  const entries = Array.isArray(read) ? [["", read] as const] : Object.entries<unknown>({ ...read });
  return entries.map(([name, value]) => [name, valueText(value)]);
}

const SHORT_MAX = 60;

/** For a table's cell. */
export function shortDetail(detail: string): string {
  const said = detailOf(detail)
    .map(([name, value]) => (name === "" ? value : `${name}: ${value}`))
    .join(" · ");
  return said.length > SHORT_MAX ? `${said.slice(0, SHORT_MAX).trimEnd()}…` : said;
}

function parsed(detail: string): unknown {
  try {
    return JSON.parse(detail);
  } catch {
    return undefined;
  }
}

function valueText(value: unknown): string {
  if (typeof value === "string") return value;
  if (value === null) return "–";
  if (Array.isArray(value)) return value.length === 0 ? "–" : value.map(valueText).join(", ");
  if (typeof value === "object")
    return Object.entries(value)
      .map(([name, inner]) => `${name} ${valueText(inner)}`)
      .join(", ");
  return String(value);
}
