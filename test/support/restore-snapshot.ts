/** Restores one snapshot through the running service, in this process: for checks that are made hundreds of times. */
import { join } from "node:path";
import { restore } from "../../agent/restore/restore.ts";
import { openVault } from "../../agent/vault/open-vault.ts";
import type { ServiceProcess } from "./start-service.ts";

export interface Restored {
  /** Where the folder `source` stands now. */
  readonly folder: string;
  readonly result: "completed" | "incomplete";
  /** `code path` of each. */
  readonly problems: readonly string[];
}

/** Several at once share one log-in. */
export async function restoreSnapshots(
  service: ServiceProcess,
  machine: string,
  wanted: readonly { readonly sequence: number; readonly source: string; readonly target: string }[],
  onRestored: (sequence: number, restored: Restored) => void,
): Promise<void> {
  const { email, password } = service.credentials.user;
  const address = { url: service.url };
  await using vault = await openVault({ address, email, password, machine, source: "cli", purpose: "verify" });
  for (const { sequence, source, target } of wanted) {
    const snapshot = await vault.openSnapshot(sequence);
    const { result, problems } = await restore(vault, snapshot, { target });
    const told = problems.map(({ code, path }) => `${code} ${path}`);
    onRestored(sequence, { folder: join(target, source), result, problems: told });
  }
}
