/** A computer takes over a machine's history: the same one whose keys were lost, or new hardware. */
import { HoldfastError } from "../../../protocol/errors.ts";
import type { MachineFacts, RegisterResponse } from "../../../protocol/messages/machines.ts";
import type { RecordStores } from "../../records/records.ts";
import type { MachineRow, VaultRow } from "../../records/rows.ts";
import { giveToken } from "../access/tokens.ts";
import { closeAlert } from "../alerts/alerts.ts";
import { closeUnheard } from "../backup/sessions.ts";
import type { Domain } from "../domain.ts";
import { type AuditActor, audit } from "../records/audit.ts";
import { factColumns } from "./new-machine.ts";

export interface TakeOver {
  readonly machine: MachineRow;
  readonly vault: VaultRow;
  readonly facts: MachineFacts;
  /** The new machine key, base64. */
  readonly signer: string;
  readonly signerProof: string;
}

/**
 * In a transaction: a new agent token and machine key; the old ones end, with whatever session they had open. Throws `machine/suspended`,
 * `machine/wrong-type`, and `machine/known` when that computer is a machine of the user already.
 */
export async function takeOver(
  domain: Domain,
  stores: RecordStores,
  { machine, vault, facts, signer, signerProof }: TakeOver,
  by: AuditActor,
): Promise<RegisterResponse> {
  if (machine.state === "suspended") throw new HoldfastError("machine/suspended");
  if (facts.kind !== machine.kind)
    throw new HoldfastError("product-key/wrong-type", { keyType: machine.kind, machineType: facts.kind });
  const there = await stores.machines.listByFingerprint(machine.account, facts.fingerprint);
  const other = there.find(({ id, name, deletedAt }) => id !== machine.id && name === facts.name && deletedAt === null);
  if (other !== undefined) throw new HoldfastError("machine/known", { machine: other.id });
  for (const session of await stores.sessions.listOpen({ vault: vault.number }))
    await closeUnheard(domain, stores, session, "fenced");
  await stores.vaults.change(vault.number, {
    signer: Buffer.from(signer, "base64"),
    signerProof: Buffer.from(signerProof, "base64"),
    fence: vault.fence + 1,
  });
  await stores.machines.change(machine.id, { ...factColumns(facts), version: machine.version + 1 });
  await stores.tokens.removeOf({ machine: machine.id, audience: "agent" });
  await stores.replacements.removeOf(machine.id);
  await closeAlert(domain, stores, "machine.cloned", machine.id);
  const isOther = facts.fingerprint !== machine.fingerprint;
  const act = { organization: machine.organization, account: machine.account, subject: facts.name };
  const detail = isOther ? `new hardware in place of ${machine.name}` : "the same hardware";
  await audit(domain, stores, { ...by, ...act, action: isOther ? "machines/replace" : "machines/recover", detail });
  const organization = await stores.organizations.find(machine.organization);
  const account = await stores.accounts.find(machine.account);
  const token = await giveToken(domain, stores, { audience: "agent", machine: machine.id });
  return { machine: machine.id, token, organization: organization?.name ?? "", user: account?.login ?? "" };
}
