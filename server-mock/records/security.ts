/** Stores of what the log-ins' defence remembers. */

import type { PageOf } from "./records.ts";
import type { AuditRow } from "./rows.ts";
import type { AttemptRow } from "./security-rows.ts";

/** Failed attempts: counted by all processes together, each exactly once. */
export interface Attempts {
  /** Keys that never failed are left out. */
  list(keys: readonly string[]): Promise<AttemptRow[]>;
  /** One more for each key; those that lie before `forgetBefore` don't count any more. */
  add(keys: readonly string[], when: { at: number; forgetBefore: number }): Promise<void>;
  remove(key: string): Promise<void>;
  /** All from before, and the oldest of those that are more than `most`. */
  trim(limits: { before: number; most: number }): Promise<void>;
}

/** What others did to an account, or in its name. */
export interface Activity {
  /** Newest first, without what `login` did itself. */
  list(account: string, login: string, page: PageOf<number>): Promise<AuditRow[]>;
}
