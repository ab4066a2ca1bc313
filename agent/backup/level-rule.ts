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
/** Then nearly all the time is left over: two levels at once, because at such a speed packs are few. */
const WAITING_SHARE_VERY_HIGH = 0.9;
/** Packs in a row that hardly waited before the level falls: one may by chance. */
const BUSY_PACKS = 2;

export interface Level {
  readonly level: number;
  /** Never below it. */
  readonly base: number;
  /** Packs in a row that hardly waited. */
  readonly busy: number;
}

export interface PackTimes {
  /** For an empty buffer. */
  readonly waitedMs: number;
  /** From the buffer's coming until the pack was full. */
  readonly filledMs: number;
}

export const startLevel = (base: number): Level => ({ level: base, base, busy: 0 });

export function nextLevel({ level, base, busy }: Level, { waitedMs, filledMs }: PackTimes): Level {
  const share = waitedMs / Math.max(1, waitedMs + filledMs);
  if (share >= WAITING_SHARE_HIGH && waitedMs >= WAITED_MS_MIN) {
    const step = share >= WAITING_SHARE_VERY_HIGH ? 2 : 1;
    return { level: Math.max(base, Math.min(LEVEL_MAX, level + step)), base, busy: 0 };
  }
  if (share > WAITING_SHARE_LOW) return { level, base, busy: 0 };
  if (busy + 1 < BUSY_PACKS) return { level, base, busy: busy + 1 };
  return { level: Math.max(base, level - 1), base, busy: 0 };
}
