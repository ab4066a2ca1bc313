/** Counting over a million machines takes a moment, and people reload pages: what was counted a moment ago is answered again, and counted anew behind that. */
import type { Clock } from "../../../base/clock.ts";

/** Older than this, it is made anew behind an answer. */
const FRESH_MS = 5_000;
/** What took long is fresh for so many times as long: no more than a small part of all time is spent on counting. */
const FRESH_TIMES = 20;
/** Older than this, it is not shown. */
const STALE_MS = 60_000;
const KEPT_MAX = 500;

interface Kept<Value> {
  readonly at: number;
  freshMs: number;
  readonly value: Promise<Value>;
  /** The next one, on its way. */
  next: Promise<void> | undefined;
}

/** `keyOf`: everything that the value depends on, but time. */
export function remembered<Asked, Value>(
  clock: Clock,
  keyOf: (asked: Asked) => string,
  make: (asked: Asked) => Promise<Value>,
): (asked: Asked) => Promise<Value> {
  const kept = new Map<string, Kept<Value>>();
  const keep = (key: string, value: Promise<Value>, freshMs: number): Kept<Value> => {
    const made: Kept<Value> = { at: clock.now(), freshMs, value, next: undefined };
    kept.delete(key);
    kept.set(key, made);
    if (kept.size > KEPT_MAX) kept.delete(kept.keys().next().value ?? "");
    return made;
  };
  const freshAfter = (begunAt: number): number => Math.max(FRESH_MS, (clock.now() - begunAt) * FRESH_TIMES);
  const begin = (key: string, asked: Asked): Kept<Value> => {
    const begunAt = clock.now();
    const made = keep(key, make(asked), FRESH_MS);
    made.value.then(
      () => {
        made.freshMs = freshAfter(begunAt);
      },
      () => kept.delete(key),
    );
    return made;
  };
  const renew = async (key: string, asked: Asked): Promise<void> => {
    const begunAt = clock.now();
    const value = await make(asked).catch(() => undefined);
    if (value !== undefined) keep(key, Promise.resolve(value), freshAfter(begunAt));
  };
  return async (asked) => {
    const key = keyOf(asked);
    const known = kept.get(key);
    const age = clock.now() - (known?.at ?? 0);
    const isGood = known !== undefined && age < STALE_MS;
    const shown = isGood ? known : begin(key, asked);
    if (isGood && age >= known.freshMs) known.next ??= renew(key, asked);
    return await shown.value;
  };
}
