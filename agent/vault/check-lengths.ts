/** Opened chunks are as long as the catalog says: `work` holds a u32 for each of them. */
import { HoldfastError } from "../../protocol/errors.ts";
import { idOf, type RangeJob } from "./range-job.ts";
import type { Taker } from "./range-work.ts";

export function checkLengths(job: RangeJob): Taker {
  const { work } = job;
  const lengths = new DataView(work.buffer, work.byteOffset, work.byteLength);
  return {
    take(chunk, plain) {
      if (plain && plain.length < lengths.getUint32(chunk * 4, true)) throw tooShort(idOf(job, chunk));
    },
    end: () => undefined,
  };
}

export function encodeLengths(lengths: readonly number[]): Uint8Array {
  const work = new DataView(new ArrayBuffer(lengths.length * 4));
  for (const [at, length] of lengths.entries()) work.setUint32(at * 4, length, true);
  return new Uint8Array(work.buffer);
}

export const tooShort = (id: Buffer): HoldfastError =>
  new HoldfastError("chunk/corrupt", { chunk: id.toString("hex"), reason: "it is shorter than the catalog says" });
