/** Numbers as people type them on the command line. */
import { HoldfastError } from "../../protocol/errors.ts";

/** Throws `argument/invalid`, naming the option. */
export function parseCount(option: string, text: string, { min = 0, max }: { min?: number; max: number }): number {
  const count = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (!(count >= min && count <= max))
    throw new HoldfastError("argument/invalid", { argument: option, reason: `it is a number from ${min} to ${max}` });
  return count;
}

/** `10GB`, `500 MB`, `1.5 TiB`, plain bytes, or `none`: no limit. */
export function parseLimit(option: string, text: string): number | null {
  if (text === "none") return null;
  const [, number, unit] = /^(\d+(?:\.\d+)?) *([KMGTP]i?)?B?$/i.exec(text) ?? [];
  if (number === undefined)
    throw new HoldfastError("argument/invalid", { argument: option, reason: "it is a size like 10GB, or none" });
  const base = unit?.toLowerCase().endsWith("i") ? 1024 : 1000;
  const power = unit === undefined ? 0 : "KMGTP".indexOf((unit[0] ?? "").toUpperCase()) + 1;
  return Math.round(Number(number) * base ** power);
}
