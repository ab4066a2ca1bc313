/** Hash chains: one link for each row that may not change any more (docs/architecture.md §Records that can be checked). */

export type ChainedKind = "backup" | "restore" | "audit";

export interface ChainRow {
  /** `machine/<id>`, `audit/<organization>` or `audit/service`. */
  readonly chain: string;
  /** Links so far; the newest has this number. */
  readonly count: number;
  /** Hash of the newest. */
  readonly head: Uint8Array;
}

export interface ChainLinkRow {
  readonly chain: string;
  /** From 1. */
  readonly number: number;
  readonly kind: ChainedKind;
  /** Id of the row. */
  readonly subject: string;
  readonly at: number;
  /** SHA-256 of the row's columns. */
  readonly digest: Uint8Array;
  /** Keyed, over the link before and this one. */
  readonly hash: Uint8Array;
}
