/** Sizes as people write them: `500G`, `1.5 TiB`, `800m`, or bytes without a unit. Units count in 1024s, as disks are shown by this program. */

const UNITS: Readonly<Record<string, number>> = { "": 0, b: 0, k: 1, m: 2, g: 3, t: 4, p: 5 };

export const BYTE_SIZE_RULE = "say 500G, 1.5T or a number of bytes";

/** Whole bytes; undefined for what is not a size (`BYTE_SIZE_RULE` says what is). */
export function parseByteSize(text: string): number | undefined {
  const [, number, unit = ""] = /^(\d{1,15}(?:\.\d{1,6})?)\s*(b|[kmgtp](?:i?b)?)?$/i.exec(text.trim()) ?? [];
  const power = UNITS[unit.charAt(0).toLowerCase()];
  if (number === undefined || power === undefined) return undefined;
  const bytes = Math.round(Number(number) * 1024 ** power);
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}
