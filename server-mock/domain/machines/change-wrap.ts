/**
 * Somebody else, or another passphrase, opens a machine's backups from now on. The person's own program has opened the old wrap and made the new one;
 * nothing is sent again. The old wrap goes from the row and from the vault's card. Copies of the database that were made before still have it: the
 * secret is the same (docs/threat-model.md).
 */
import type { z } from "zod";
import { HoldfastError } from "../../../protocol/errors.ts";
import type { Wrap } from "../../../protocol/messages/machines.ts";
import type { WrapChanged, wrapChange } from "../../../protocol/messages/wraps.ts";
import type { RecordStores } from "../../records/records.ts";
import type { MachineRow, VaultRow } from "../../records/rows.ts";
import { actorOf, getMachine } from "../access/access.ts";
import type { ConsoleCaller } from "../access/callers.ts";
import type { Domain } from "../domain.ts";
import { emit } from "../events/emit.ts";
import { mailSecurityNotice } from "../mail/security-mails.ts";
import { effectiveForMachine } from "../policies/effective.ts";
import { audit } from "../records/audit.ts";
import { keepCard } from "../space/cards.ts";
import { encryptionSince, instant, wrapOf } from "../views.ts";
import { checkWrap } from "./check-wrap.ts";

/**
 * Repeating it with the same wrap is harmless. Throws `role/not-allowed` for another person's machine, `edit/conflict` when the wrap is another one than
 * was opened, `encryption/not-allowed`, `recovery-certificate/missing`, and `request/malformed` for a default wrap that the service can't open.
 */
export async function changeWrap(
  domain: Domain,
  caller: ConsoleCaller,
  { machine: id, wrap, replaces }: z.infer<typeof wrapChange> & { machine: string },
  address: string,
): Promise<WrapChanged> {
  const { machine, vault } = await getMachine(domain.records, caller, id);
  checkOwn(caller, machine);
  await checkWrap(domain, { wrap, field: "wrap" }, vault);
  const changed = await domain.records.transaction(async (stores) => {
    const now = await getMachine(stores, caller, id);
    const text = JSON.stringify(wrap);
    if (now.vault.wrap === text) return now;
    if (now.vault.wrapVersion !== replaces)
      throw new HoldfastError("edit/conflict", { version: now.vault.wrapVersion });
    await checkKind(stores, now.machine, now.vault, wrap);
    return await swap(domain, stores, { ...now, wrap, text }, { caller, address });
  });
  // Until it is written the card still has the old wrap.
  await keepCard(domain, vault.number);
  return {
    machine: id,
    encryption: wrapOf(changed.vault).kind,
    encryptionSince: instant(encryptionSince(changed.machine, changed.vault)),
    wrapVersion: changed.vault.wrapVersion,
  };
}

async function swap(
  domain: Domain,
  stores: RecordStores,
  { machine, vault, wrap, text }: { machine: MachineRow; vault: VaultRow; wrap: Wrap; text: string },
  { caller, address }: { caller: ConsoleCaller; address: string },
): Promise<{ machine: MachineRow; vault: VaultRow }> {
  const before = wrapOf(vault).kind;
  const columns = { wrap: text, wrapVersion: vault.wrapVersion + 1, wrapAt: domain.clock.now() };
  await stores.vaults.change(vault.number, columns);
  await stores.machines.change(machine.id, { version: machine.version + 1 });
  // Archives in the browser are made with the service's key: their links end with it. So do codes that would hand it out.
  await stores.tokens.removeOf({ machine: machine.id, audience: "download" });
  await stores.replacements.removeOf(machine.id);
  const { organization, account } = machine;
  const detail = before === wrap.kind ? `a new ${wrap.kind} wrap` : `from ${before} to ${wrap.kind}`;
  const act = { organization, account, action: "machines/change-key", subject: machine.name, detail };
  await audit(domain, stores, { ...actorOf(caller, address), ...act });
  const told = { by: caller.account.login, from: before, to: wrap.kind };
  await emit(domain, stores, { organization, account, machine: machine.id, kind: "machine.key-changed", detail: told });
  const notice = { kind: "key-changed", machine: machine.name, detail } as const;
  await mailSecurityNotice(domain, stores, caller.account, notice, { actor: caller.account.login, address });
  return { machine, vault: { ...vault, ...columns } };
}

/** Also who may hand a machine's backups out for longer than a restore. */
export function checkOwn({ account, actor }: ConsoleCaller, machine: MachineRow): void {
  if (machine.account !== account.id || actor !== undefined)
    throw new HoldfastError("role/not-allowed", { action: "change keys of somebody else's machine" });
}

/** A new passphrase is as good as the old one, whatever the configuration says by now. */
async function checkKind(stores: RecordStores, machine: MachineRow, vault: VaultRow, wrap: Wrap): Promise<void> {
  if (wrapOf(vault).kind !== wrap.kind) {
    const allowed = (await effectiveForMachine(stores, machine)).keyKinds.value;
    if (!allowed.includes(wrap.kind))
      throw new HoldfastError("encryption/not-allowed", { kind: wrap.kind, allowed: allowed.join(", ") });
  }
  if (wrap.kind === "corporate") await checkCertificate(stores, machine.organization, wrap.certificate);
}

/** Throws `recovery-certificate/missing`. */
export async function checkCertificate(stores: RecordStores, organization: string, fingerprint: string): Promise<void> {
  const found = await stores.recoveryCertificates.find(organization, fingerprint);
  if (found === undefined || found.retiredAt !== null)
    throw new HoldfastError("recovery-certificate/missing", { fingerprint });
}
