/** What a person may have that opens a vault where the service can't, or in place of what it has. Each is asked for only when it is needed. */
import type { RecoveryKey } from "./corporate-wrap.ts";
import type { RecoveryKit } from "./recovery-kit.ts";

export interface Openers {
  readonly passphrase?: (() => Promise<string>) | undefined;
  /** When given it is what counts: for whoever has forgotten the passphrase, or trusts the service with nothing. */
  readonly kit?: (() => Promise<RecoveryKit>) | undefined;
  /** The organization's, for corporate keys. */
  readonly recoveryKey?: (() => Promise<RecoveryKey>) | undefined;
}
