/** The only file that asks for randomness. */
import { randomBytes } from "node:crypto";

/** Gives `length` unpredictable bytes. */
export type Random = (length: number) => Buffer;

export const systemRandom: Random = (length) => randomBytes(length);

/** A version 4 UUID from the given randomness. */
export function uuid(random: Random): string {
  const bytes = random(16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** Serial number of an X.509 certificate, 16 bytes in hexadecimal: positive, and no byte longer than it need be, or nobody reads the certificate. */
export function certificateSerial(random: Random): string {
  const bytes = random(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.toString("hex");
}
