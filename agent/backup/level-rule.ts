/**
 * How hard to compress, decided pack by pack (decision 0014). A thread that waits for an empty buffer has time that the network, or a limit, leaves
 * it: the level rises, and fewer bytes need sending. A thread that hardly waits is what the backup waits for: the level falls back to its base.
 * Between the two shares nothing changes, so that a level that fits stays.
 */

/** Beyond it zstd takes much more time and memory for little. */
const LEVEL_MAX = 6;
/** Then twice the work would still not hold up the network; one level more is less than that. */
const WAITING_SHARE_HIGH = 0.5;
const WAITING_SHARE_LOW = 0.2;
/** Of a pack of 8 MiB: what a line of some 500 Mbit/s makes it wait. A service on the same machine may need the processor that is waited for. */
const WAITED_MS_MIN = 250;
/** One pack may wait by chance. */
const PACKS_IN_A_ROW = 2;

export interface Level {
  readonly level: number;
  /** Never below it. */
  readonly base: number;
  /** Packs in a row that waited long; below zero: that hardly waited. */
  readonly streak: number;
}

export interface PackTimes {
  /** For an empty buffer. */
  readonly waitedMs: number;
  /** From the buffer's coming until the pack was full. */
  readonly filledMs: number;
}

export const startLevel = (base: number): Level => ({ level: base, base, streak: 0 });

export function nextLevel({ level, base, streak }: Level, { waitedMs, filledMs }: PackTimes): Level {
  const share = waitedMs / Math.max(1, waitedMs + filledMs);
  if (share >= WAITING_SHARE_HIGH && waitedMs >= WAITED_MS_MIN) {
    const row = Math.max(0, streak) + 1;
    if (row < PACKS_IN_A_ROW) return { level, base, streak: row };
    return { level: Math.max(base, Math.min(LEVEL_MAX, level + 1)), base, streak: 0 };
  }
  if (share <= WAITING_SHARE_LOW) {
    const row = Math.min(0, streak) - 1;
    if (-row < PACKS_IN_A_ROW) return { level, base, streak: row };
    return { level: Math.max(base, level - 1), base, streak: 0 };
  }
  return { level, base, streak: 0 };
}
