/** Spans of time as people type them: `90s`, `30m`, `2h`, `1d`, `1h30m`. */

const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
const LONGEST_MS = 366 * 86_400_000;

/** Milliseconds; `undefined` for what is no span of time, none at all, or longer than a year. */
export function parseDuration(text: string): number | undefined {
  const words = text.trim().toLowerCase().replaceAll(" ", "");
  if (!/^(\d+(\.\d+)?[smhdw])+$/.test(words)) return undefined;
  let total = 0;
  for (const [, number, unit] of words.matchAll(/(\d+(?:\.\d+)?)([smhdw])/g))
    total += Number(number) * (UNIT_MS[unit ?? ""] ?? 0);
  const ms = Math.round(total);
  return ms >= 1 && ms <= LONGEST_MS ? ms : undefined;
}
