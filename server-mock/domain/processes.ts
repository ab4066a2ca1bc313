/**
 * What a process of the service must know of the others that work on the same rows: who has died, and whose turn a job is. A process gives signs of
 * life; one that was silent for long is taken for dead, and if it was only slow, its promises turn out to be void when it comes back to them.
 */
import type { Clock } from "../../base/clock.ts";
import type { Locks } from "../records/cluster.ts";
import type { Records } from "../records/records.ts";

const BEAT_MS = 5_000;
/** Clocks of machines differ, and a database may be away for a while. */
const DEAD_MS = 60_000;
/** A turn that comes a little early is still the next one. */
const EARLY_SHARE = 0.9;

export interface Processes {
  /** Others may work on the same rows. */
  readonly isShared: boolean;
  hasEnded(node: string): Promise<boolean>;
  /** A job's turn, unless another process is at it or has done it in this period. */
  once(job: { readonly name: string; readonly everyMs: number }, run: () => Promise<void>): Promise<void>;
  /** This one goes: what it promised is void. */
  leave(): Promise<void>;
}

/** The data folder is locked: every other process that has left a row is gone. */
export const alone = ({ node }: Pick<Records, "node">): Processes => ({
  isShared: false,
  hasEnded: async (other) => other !== node,
  once: (_, run) => run(),
  leave: async () => undefined,
});

/** Begins to give signs of life. */
export async function sharing(records: Records, locks: Locks, clock: Clock): Promise<Processes> {
  const { node, cluster } = records;
  const startedAt = clock.now();
  const beat = () => cluster.beat({ id: node, startedAt, seenAt: clock.now() });
  await beat();
  const leaving = new AbortController();
  const beating = goOnBeating(beat, clock, leaving.signal);
  return {
    isShared: true,
    async hasEnded(other) {
      if (other === node) return false;
      const seenAt = (await cluster.find(other))?.seenAt;
      return seenAt === undefined || seenAt < clock.now() - DEAD_MS;
    },
    async once({ name, everyMs }, run) {
      await locks.tryHold(`job/${name}`, async () => {
        const now = clock.now();
        if (await cluster.beginTurn({ name, startedAt: now, node }, now - everyMs * EARLY_SHARE)) await run();
      });
    },
    async leave() {
      leaving.abort();
      await beating;
      await cluster.leave(node).catch(() => undefined); // Its silence says the same a minute later.
    },
  };
}

async function goOnBeating(beat: () => Promise<void>, clock: Clock, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await clock.sleep(BEAT_MS, signal).catch(() => undefined);
    // A database that is away is noticed by everybody else.
    if (!signal.aborted) await beat().catch(() => undefined);
  }
}
