/** What a collection should do with each chunk's row, and what all of that comes to. */
import type { RecordStores } from "../../records/records.ts";
import type { PackRow } from "../../records/rows.ts";
import type { StoredChunk } from "../../records/space.ts";
import { asBuffer, type Reachable } from "./mark.ts";
import { packsOf } from "./packs-of.ts";

/** What should be done with one chunk's row. */
export type Verdict = "needed" | "condemn" | "waiting" | "sweep";

export interface Judging {
  readonly reachable: Reachable;
  /** What was condemned before then goes. */
  readonly sweepBefore: number;
}

export type Plan = Awaited<ReturnType<typeof planOf>>;

export async function planOf(stores: RecordStores, vault: number, judging: Judging) {
  const plan = {
    goodBytes: 0,
    referencedBytes: 0,
    condemnBytes: 0,
    sweepBytes: 0,
    sweepPacks: 0,
    deadBytes: 0,
    waiting: 0,
    /** Packs in which something is to be done. */
    toCondemn: [] as PackRow[],
    toSweep: [] as PackRow[],
  };
  for await (const pack of packsOf(stores, vault)) {
    const chunks = await stores.reach.chunksOf(pack.number);
    const verdicts = await judge(stores, vault, chunks, judging);
    let [neededBytes, stays, changes] = [0, 0, 0];
    for (const [index, { length, lostAt, condemnedAt }] of chunks.entries()) {
      const verdict = verdicts[index];
      if (lostAt === null && condemnedAt === null) plan.goodBytes += length;
      if (verdict === "needed" && lostAt === null) plan.referencedBytes += length;
      if (verdict === "needed") neededBytes += length;
      if (verdict === "condemn") plan.condemnBytes += length;
      if (verdict === "waiting") plan.waiting++;
      if (verdict !== "sweep") stays++;
      if (verdict === "condemn" || (verdict === "needed" && condemnedAt !== null)) changes++;
    }
    if (changes > 0) plan.toCondemn.push(pack);
    if (stays < chunks.length || stays === 0) plan.toSweep.push(pack);
    if (stays > 0) plan.deadBytes += pack.sizeBytes - neededBytes;
    else {
      plan.sweepBytes += pack.sizeBytes;
      plan.sweepPacks++;
    }
  }
  return plan;
}

/** One for each chunk of a pack. */
export async function judge(
  stores: RecordStores,
  vault: number,
  chunks: readonly StoredChunk[],
  { reachable, sweepBefore }: Judging,
): Promise<Verdict[]> {
  const isGood = ({ condemnedAt, lostAt }: StoredChunk) => condemnedAt === null && lostAt === null;
  const doubtful = chunks.filter((chunk) => !isGood(chunk) && reachable.has(chunk.id)).map(({ id }) => id);
  const elsewhere = new Set((await stores.reach.listGood(vault, doubtful)).map(keyOf));
  return chunks.map((chunk) => {
    const isNeeded = reachable.has(chunk.id);
    if (isGood(chunk)) return isNeeded ? "needed" : "condemn";
    // Condemned and needed after all, it is taken up again; what has come anew meanwhile lets the old copy go.
    if (isNeeded && !elsewhere.has(keyOf(chunk.id))) return "needed";
    return chunk.lostAt !== null || (chunk.condemnedAt ?? 0) <= sweepBefore ? "sweep" : "waiting";
  });
}

const keyOf = (id: Uint8Array): string => asBuffer(id).toString("latin1");
