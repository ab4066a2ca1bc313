/** The inside of a thread that works through ranges. It ends when it is asked to, between two chunks: never in the middle of a system call. */
import { parentPort, workerData } from "node:worker_threads";
import { asHoldfastError, bug, toErrorBody } from "../../protocol/errors.ts";
import type { FetchedPart, FromRangeThread, RangeJob, RangeThreadSettings, ToRangeThread } from "./range-job.ts";
import { RangeWork, type Taker } from "./range-work.ts";

/** `begin` says what is done with chunks; `end` is called after the last. */
export function workThroughRanges(
  makeWork: (own: unknown) => { readonly begin: (job: RangeJob) => Taker; readonly end?: () => void },
): void {
  const port = parentPort ?? bug("a thread for ranges was started without a port");
  const settings: RangeThreadSettings = workerData;
  const post = (message: FromRangeThread) => port.postMessage(message);
  const awaited = new Map<number, (parts: readonly FetchedPart[]) => void>();
  const fetch = ({ number }: RangeJob) =>
    new Promise<readonly FetchedPart[]>((resolve) => {
      awaited.set(number, resolve);
      post({ kind: "fetch", number });
    });
  const { begin, end } = makeWork(settings.own);
  const work = new RangeWork({ ...settings, begin, fetch });

  port.on("message", (message: ToRangeThread) => {
    switch (message.kind) {
      case "job": {
        const { number } = message.job;
        work.run(message.job).then(
          (done) => post({ kind: "done", number, done }),
          (error: unknown) => post({ kind: "failed", number, error: toErrorBody(asHoldfastError(error)) }),
        );
        break;
      }
      case "parts":
        awaited.get(message.number)?.(message.parts);
        awaited.delete(message.number);
        break;
      case "stop":
        // With its sockets and this port closed, nothing keeps the thread.
        work[Symbol.dispose]();
        end?.();
        port.close();
        break;
    }
  });
}
