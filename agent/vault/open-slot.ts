/** Memory that the pool and a thread share for one chunk at a time: messages between them carry numbers only, and nothing is allocated anew. */

import type { ErrorBody } from "../../protocol/errors.ts";
import { CHUNK_BYTES_MAX } from "../../protocol/limits.ts";
import { sealedBytesMax } from "../chunk/seal.ts";
import type { OpenJob } from "./open-job.ts";

export const SEALED_BYTES_MAX = sealedBytesMax(CHUNK_BYTES_MAX);
export const SLOT_BYTES = SEALED_BYTES_MAX + CHUNK_BYTES_MAX;

export interface OpenWorkerData {
  readonly vault: Uint8Array;
  readonly idKey: Uint8Array;
  /** One for each slot. */
  readonly memory: readonly SharedArrayBuffer[];
}

export type OpenRequest = Omit<OpenJob, "sealed"> & { readonly slot: number; readonly sealedLength: number };
export type OpenAnswer = { readonly slot: number } & (
  | { readonly plainLength: number; readonly error?: undefined }
  | { readonly error: ErrorBody }
);

export const slotViews = (memory: SharedArrayBuffer) => ({
  sealed: Buffer.from(memory, 0, SEALED_BYTES_MAX),
  plain: Buffer.from(memory, SEALED_BYTES_MAX, CHUNK_BYTES_MAX),
});
