/** How fast a running backup sends, from what it has told so far. */

export interface Sample {
  readonly bytes: number;
  /** Milliseconds of any clock that only goes forward. */
  readonly atMs: number;
}

/** Samples that are older say nothing about now. */
const WINDOW_MS = 20_000;

/** What was told is kept as long as it counts; an equal number of bytes is told, too: it is slow then. */
export function withSample(samples: readonly Sample[], next: Sample): readonly Sample[] {
  const last = samples.at(-1);
  // Another run, or a counter that began again.
  if (last !== undefined && next.bytes < last.bytes) return [next];
  return [...samples.filter(({ atMs }) => next.atMs - atMs <= WINDOW_MS), next];
}

/** Bytes per second over the window; undefined: it is too early to tell. */
export function rateOf(samples: readonly Sample[]): number | undefined {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined || last.atMs - first.atMs < 500) return undefined;
  return ((last.bytes - first.bytes) / (last.atMs - first.atMs)) * 1000;
}
