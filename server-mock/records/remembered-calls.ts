/** Store of calls with an idempotency key; a row's name is its account and its key. */
import type { RememberedCallRow } from "./remembered-call-rows.ts";

export interface RememberedCalls {
  /** False when there is one of that name. */
  insert(row: RememberedCallRow): Promise<boolean>;
  find(account: string, key: string): Promise<RememberedCallRow | undefined>;
  finish(account: string, key: string, answer: { status: number; answer: Uint8Array }): Promise<void>;
  remove(account: string, key: string): Promise<void>;
  removeBefore(startedBefore: number): Promise<void>;
}
