/** Notes each turn of a job in a row, for people who ask how it fares. */
import { asHoldfastError } from "../../protocol/errors.ts";
import type { Domain } from "../domain/domain.ts";
import type { Job } from "./every.ts";

export interface NotedJob {
  readonly name: string;
  readonly everyMs: number;
  /** An object: what it has done, in a few numbers. */
  readonly run: (signal: AbortSignal) => Promise<unknown>;
}

export const noted = ({ records, clock }: Domain, { name, everyMs, run }: NotedJob): Job => ({
  name,
  everyMs,
  async run(signal) {
    const startedAt = clock.now();
    const before = await records.jobRuns.find(name);
    const row = { name, startedAt, succeededAt: before?.succeededAt ?? null, code: null, message: null };
    try {
      const done = await run(signal);
      const result = JSON.stringify(typeof done === "object" ? (done ?? {}) : {});
      const endedAt = clock.now();
      await records.jobRuns.put({ ...row, endedAt, succeededAt: endedAt, result });
    } catch (error) {
      const { code, message } = asHoldfastError(error);
      await records.jobRuns.put({ ...row, endedAt: clock.now(), code, message, result: "{}" });
      throw error;
    }
  },
});
