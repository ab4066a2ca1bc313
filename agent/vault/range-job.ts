/** What is said between the main thread and a thread that works through a range of a pack: flat, because it is said for every few chunks. */
import type { ErrorBody } from "../../protocol/errors.ts";
import type { RangeAddress } from "../remote/remote.ts";
import type { ChunkKind } from "./open-job.ts";

export interface RangeJob {
  readonly number: number;
  readonly kind: ChunkKind;
  readonly pack: string;
  readonly offset: number;
  readonly length: number;
  /** One after the other. */
  readonly ids: Uint8Array;
  /** Of each chunk: where it begins in the range, its length, and its session's index below. */
  readonly places: Uint32Array;
  readonly sessions: readonly { readonly enc: Uint8Array; readonly key: Uint8Array }[];
  /** What is to be done with the chunks, in the words of who does it. */
  readonly work: Uint8Array;
}

/** One chunk's bytes, or why they can't be had. */
export type FetchedPart =
  | { readonly sealed: Uint8Array; readonly error?: undefined }
  | { readonly error: ErrorBody; readonly sealed?: undefined };

export interface RangeDone {
  /** By the thread itself; else the main thread has counted it. */
  readonly fetchedBytes: number;
  /** Chunks that can't be had. */
  readonly errors: readonly { readonly chunk: number; readonly error: ErrorBody }[];
  /** What whoever did the work says of it. */
  readonly result: unknown;
}

export interface RangeThreadSettings {
  readonly vault: Uint8Array;
  readonly idKey: Uint8Array;
  /** Without it, the main thread is asked for bytes. */
  readonly ranges: RangeAddress | undefined;
  /** For whoever does the work. */
  readonly own: unknown;
}

export type ToRangeThread =
  | { readonly kind: "job"; readonly job: RangeJob }
  | { readonly kind: "parts"; readonly number: number; readonly parts: readonly FetchedPart[] }
  | { readonly kind: "stop" };

export type FromRangeThread =
  | { readonly kind: "fetch"; readonly number: number }
  | { readonly kind: "done"; readonly number: number; readonly done: RangeDone }
  | { readonly kind: "failed"; readonly number: number; readonly error: ErrorBody };

export const CHUNK_ID_BYTES = 32;

export const chunksOf = (job: Pick<RangeJob, "ids">): number => job.ids.length / CHUNK_ID_BYTES;

export const idOf = ({ ids }: Pick<RangeJob, "ids">, chunk: number): Buffer =>
  Buffer.from(ids.subarray(chunk * CHUNK_ID_BYTES, (chunk + 1) * CHUNK_ID_BYTES));
