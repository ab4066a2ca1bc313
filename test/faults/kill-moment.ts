/** When to kill: some milliseconds after the start, or after the n-th pack of this run was acknowledged, or while its snapshot is committed. */
import { setTimeout as sleep } from "node:timers/promises";
import type { SeededRandom } from "../../bench/workloads/seeded-random.ts";
import { openRows } from "./check-storage.ts";

export type KillMoment =
  | { readonly after: "start"; readonly delayMs: number }
  | { readonly after: "pack"; readonly count: number; readonly delayMs: number }
  | { readonly after: "commit"; readonly delayMs: number };

export interface UsualRun {
  readonly durationMs: number;
  readonly packs: number;
}

const POLL_MS = 2;
const AFTER_PACK_MS = 60;
const AFTER_COMMIT_MS = 30;

export function pickMoment(random: SeededRandom, usual: UsualRun): KillMoment {
  const after = random.weighted({ start: 3, pack: 5, commit: 3 });
  switch (after) {
    case "start":
      return { after, delayMs: random.integer(0, Math.ceil(usual.durationMs)) };
    case "pack":
      return { after, count: random.integer(1, Math.max(1, usual.packs)), delayMs: random.integer(0, AFTER_PACK_MS) };
    case "commit":
      return { after, delayMs: random.integer(0, AFTER_COMMIT_MS) };
  }
}

/** Resolves when the moment has come, or when the signal says that it never will. */
export async function momentComes(moment: KillMoment, serviceData: string, signal: AbortSignal): Promise<void> {
  if (moment.after !== "start") {
    using db = openRows(serviceData);
    const counting = db.prepare(
      moment.after === "pack"
        ? "SELECT count(*) AS count FROM packs"
        : "SELECT (SELECT count(*) FROM snapshots) + (SELECT count(*) FROM sessions WHERE intent IS NOT NULL) AS count",
    );
    const count = () => Number(counting.get()?.count);
    const wanted = count() + (moment.after === "pack" ? moment.count : 1);
    while (!signal.aborted && count() < wanted) await sleep(POLL_MS);
  }
  await sleep(moment.delayMs, undefined, { signal }).catch(() => undefined);
}
