/** Row ids: UUIDs of version 7 (RFC 9562) whose order is the order in which they were made, also within a millisecond. */
import type { Clock } from "../../base/clock.ts";
import type { Random } from "../../base/random.ts";

const COUNTER_MAX = 0xfff;

export function rowIds(clock: Clock, random: Random): () => string {
  let at = 0;
  let counter = 0;
  return () => {
    const now = clock.now();
    // A clock that stands still or steps back must not disturb the order.
    counter = now > at ? 0 : counter + 1;
    at = Math.max(now, at);
    if (counter > COUNTER_MAX) {
      at += 1;
      counter = 0;
    }
    const bytes = Buffer.concat([Buffer.alloc(8), random(8)]);
    bytes.writeUIntBE(at, 0, 6);
    bytes.writeUInt16BE(0x7000 | counter, 6);
    bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
    return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  };
}

/** Sorts before every id that is made from this millisecond on, and behind all that were made before. */
export function firstIdAt(at: number): string {
  const bytes = Buffer.alloc(6);
  bytes.writeUIntBE(Math.max(0, Math.min(at, 2 ** 48 - 1)), 0, 6);
  return bytes.toString("hex").replace(/^(.{8})(.{4})$/, "$1-$2-0000-0000-000000000000");
}
