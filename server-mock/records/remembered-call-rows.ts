/** Calls that were made with an idempotency key. */

export interface RememberedCallRow {
  readonly account: string;
  /** The caller's name for it. */
  readonly key: string;
  /** SHA-256 of what was asked for. */
  readonly digest: Uint8Array;
  readonly startedAt: number;
  /** HTTP status; null while it runs. */
  readonly status: number | null;
  /** The answer, sealed: it may hold what is shown only once. */
  readonly answer: Uint8Array | null;
}
