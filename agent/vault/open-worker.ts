/** A worker thread that opens chunks. Sealed bytes come and plaintexts go in memory that it shares with the pool. */
import { parentPort, workerData } from "node:worker_threads";
import { collectYoung } from "../../base/collect-garbage.ts";
import { asHoldfastError, toErrorBody } from "../../protocol/errors.ts";
import { makeChunkNamer } from "../chunk/chunk-id.ts";
import { makeOpener } from "./open-job.ts";
import { type OpenAnswer, type OpenRequest, type OpenWorkerData, slotViews } from "./open-slot.ts";

const { vault, idKey, memory } = workerData as OpenWorkerData; // Given by the pool that started this thread.
const openChunk = makeOpener(vault, makeChunkNamer(idKey));
const slots = memory.map(slotViews);
const COLLECT_BYTES = 8 * 1024 * 1024;
let opened = 0;

parentPort?.on("message", (request: OpenRequest) => parentPort?.postMessage(answerTo(request)));

function answerTo({ slot, sealedLength, ...job }: OpenRequest): OpenAnswer {
  const views = slots[slot];
  try {
    if (!views) throw new RangeError("there is no such slot");
    const plain = openChunk({ ...job, sealed: views.sealed.subarray(0, sealedLength) });
    plain.copy(views.plain);
    opened += plain.length;
    if (opened >= COLLECT_BYTES) {
      collectYoung();
      opened = 0;
    }
    return { slot, plainLength: plain.length };
  } catch (error) {
    return { slot, error: toErrorBody(asHoldfastError(error)) };
  }
}
