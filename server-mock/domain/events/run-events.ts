/** A backup run has ended: what mails and webhooks say of it. */
import type { EventKind } from "../../../protocol/events.ts";
import type { RecordStores } from "../../records/records.ts";
import type { BackupRow } from "../../records/rows.ts";
import type { Domain } from "../domain.ts";
import { emit } from "./emit.ts";

const KINDS: Readonly<Record<Exclude<BackupRow["state"], "running">, EventKind>> = {
  success: "machine.backup-succeeded",
  incomplete: "machine.backup-incomplete",
  failed: "machine.backup-failed",
  cancelled: "machine.backup-cancelled",
};

export interface EndedRun extends Partial<Pick<BackupRow, "files" | "bytes" | "bytesTransferred" | "problemCount">> {
  readonly state: keyof typeof KINDS;
  readonly code: string;
  readonly message: string | null;
}

/** In the transaction that closes the record. */
export async function emitRun(
  domain: Domain,
  stores: RecordStores,
  { machine: id, backup }: { readonly machine: string; readonly backup: string },
  run: EndedRun,
): Promise<void> {
  const machine = await stores.machines.findEvenDeleted(id);
  if (machine === undefined) return;
  const { organization, account, userGroup } = machine;
  const { state, code, message, files = 0, bytes = 0, bytesTransferred = 0, problemCount = 0 } = run;
  const detail = { backup, code, message, files, bytes, bytesTransferred, problemCount };
  await emit(domain, stores, { organization, kind: KINDS[state], machine: id, account, userGroup, detail });
}
