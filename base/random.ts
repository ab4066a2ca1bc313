/** The only file that asks for randomness. */
import { randomBytes } from "node:crypto";

/** Gives `length` unpredictable bytes. */
export type Random = (length: number) => Buffer;

export const systemRandom: Random = (length) => randomBytes(length);
