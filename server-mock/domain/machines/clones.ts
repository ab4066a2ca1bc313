/**
 * A copied disk brings the machine's keys to another computer. The one that is registered goes on; the copy is told so, and an alert tells the
 * admins: two writers of one history would be at each other's throat.
 */
import { HoldfastError } from "../../../protocol/errors.ts";
import type { MachineRow } from "../../records/rows.ts";
import { openAlert } from "../alerts/alerts.ts";
import type { Domain } from "../domain.ts";

/** `fingerprint`: of the computer that calls; undefined: it can't tell. Throws `machine/cloned`. */
export async function refuseClone(domain: Domain, machine: MachineRow, fingerprint: string | undefined): Promise<void> {
  if (fingerprint === undefined || fingerprint === machine.fingerprint) return;
  const { id, organization, account, userGroup, name } = machine;
  const message = `Another computer used the registration of ${name}. It was refused; ${name} itself goes on.`;
  const finding = { organization, account, userGroup, machine: id, id, kind: "machine.cloned", subject: name } as const;
  await domain.records.transaction((stores) =>
    openAlert(domain, stores, { ...finding, cause: "fingerprint", message, detail: { fingerprint } }),
  );
  throw new HoldfastError("machine/cloned");
}
