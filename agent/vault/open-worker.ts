/** A worker thread that opens chunks. Sealed bytes come in and plaintexts go out without being copied. */
import { parentPort, workerData } from "node:worker_threads";
import { asHoldfastError, toErrorBody } from "../../protocol/errors.ts";
import { makeChunkNamer } from "../chunk/chunk-id.ts";
import { makeOpener } from "./open-job.ts";
import type { OpenAnswer, OpenRequest, OpenWorkerData } from "./opener-pool.ts";

/** Smaller results may share a buffer with others, which can't be given away. */
const OWN_BYTES_MIN = 128 * 1024;

const { vault, idKey } = workerData as OpenWorkerData; // Given by the pool that started this thread.
const openChunk = makeOpener(vault, makeChunkNamer(idKey));

parentPort?.on("message", (request: OpenRequest) => {
  const [answer, transfer] = answerTo(request);
  parentPort?.postMessage(answer, transfer);
});

function answerTo(request: OpenRequest): [OpenAnswer, ArrayBuffer[]] {
  try {
    const plain = openChunk(request);
    const { buffer, length } = plain;
    const isOwn = length >= OWN_BYTES_MIN && buffer instanceof ArrayBuffer && buffer.byteLength < length * 2;
    const given = isOwn ? plain : Uint8Array.from(plain);
    return [{ number: request.number, plain: given }, [given.buffer as ArrayBuffer]]; // Checked above, or made here.
  } catch (error) {
    return [{ number: request.number, error: toErrorBody(asHoldfastError(error)) }, []];
  }
}
