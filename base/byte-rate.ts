/**
 * Speeds as people write them, in bytes a second: `500k`, `2M` and `1G` count in 1024s as with other backup tools, `16Mbit` in thousands as
 * providers do, `off` is no limit.
 */

const UNITS: Readonly<Record<string, number>> = {
  k: 2 ** 10,
  m: 2 ** 20,
  g: 2 ** 30,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  kbit: 1e3 / 8,
  mbit: 1e6 / 8,
  gbit: 1e9 / 8,
};

export const BYTE_RATE_MIN = 1024;
export const BYTE_RATE_RULE =
  "say 500k or 2M (KiB, MiB a second), 16Mbit (bits, in thousands), or off; at least 1k, and never without a unit";

/** Infinity for `off`; undefined for what is not a speed (`BYTE_RATE_RULE` says what is). */
export function parseByteRate(text: string): number | undefined {
  const word = text.trim().toLowerCase();
  if (word === "off") return Number.POSITIVE_INFINITY;
  const [, number, unit] = /^(\d{1,9}(?:\.\d{1,6})?)\s*([a-z]+?)(?:\/s|ps)?$/.exec(word) ?? [];
  const factor = unit === undefined ? undefined : UNITS[unit];
  if (number === undefined || factor === undefined) return undefined;
  const bytes = Number(number) * factor;
  return bytes >= BYTE_RATE_MIN ? bytes : undefined;
}
