/**
 * Replace Machine: an admin makes a code, whoever sits at the new hardware types it in, and the history goes on there. The code opens the vault's
 * default wrap, so making one asks for what a restore asks for.
 */

import type { z } from "zod";
import { HoldfastError } from "../../../protocol/errors.ts";
import type { ReplacementUse, replacementOpened } from "../../../protocol/messages/machine-acts.ts";
import type { RegisterResponse } from "../../../protocol/messages/machines.ts";
import type { RecordStores } from "../../records/records.ts";
import type { MachineRow, VaultRow } from "../../records/rows.ts";
import { actorOf, getMachine, requireCapability } from "../access/access.ts";
import type { ConsoleCaller } from "../access/callers.ts";
import { checkActive } from "../access/tokens.ts";
import { releasedAs, releaseWrap } from "../backup/restores.ts";
import type { Domain } from "../domain.ts";
import { digestOfTypedKey, makeKeyText } from "../product-keys/key-text.ts";
import { audit } from "../records/audit.ts";
import { instant } from "../views.ts";
import { guardKey } from "./key-attempts.ts";
import { takeOver } from "./take-over.ts";

const CODE_MS = 24 * 3600 * 1000;

/** An earlier code of the machine dies. */
export async function createReplacement(
  domain: Domain,
  caller: ConsoleCaller,
  id: string,
  address: string,
): Promise<{ code: string; expiresAt: string; machine: string }> {
  requireCapability(caller, "restores.create");
  if (caller.actor !== undefined)
    throw new HoldfastError("role/not-allowed", { action: "replace a machine in another's name" });
  return await domain.records.transaction(async (stores) => {
    const { machine } = await getMachine(stores, caller, id);
    const { digest, grouped } = makeKeyText(domain.random);
    const now = domain.clock.now();
    const expiresAt = now + CODE_MS;
    await stores.replacements.removeOf(machine.id);
    const row = { digest, machine: machine.id, madeBy: caller.account.login, createdAt: now, expiresAt };
    await stores.replacements.insert(row);
    const act = { organization: machine.organization, account: machine.account, action: "machines/replacement-code" };
    await audit(domain, stores, { ...actorOf(caller, address), ...act, subject: machine.name });
    return { code: grouped, expiresAt: instant(expiresAt), machine: machine.id };
  });
}

/** What the new hardware needs to make its keys. The code stays good until it is used. */
export async function openReplacement(
  domain: Domain,
  code: string,
  address: string,
): Promise<z.input<typeof replacementOpened>> {
  return await guardKey(domain.lockouts, { productKey: code, address }, async () => {
    const { machine, vault, madeBy } = await domain.records.transaction((stores) => findCode(domain, stores, code));
    const wrap = await releaseWrap(domain, vault);
    // The audit row stands before the secret leaves.
    await domain.records.transaction(async (stores) => {
      const act = { organization: machine.organization, account: machine.account, action: "machines/replacement-open" };
      const told = { subject: machine.name, detail: releasedAs(wrap) };
      await audit(domain, stores, { actor: `code of ${madeBy}`, address, ...act, ...told });
    });
    const { id, name, kind } = machine;
    const readKey = Buffer.from(vault.readKey).toString("base64");
    return { machine: id, name, kind, vault: { id: vault.id, epoch: vault.epoch, readKey }, wrap };
  });
}

export async function useReplacement(
  domain: Domain,
  { code, ...taken }: ReplacementUse,
  address: string,
): Promise<RegisterResponse> {
  return await guardKey(domain.lockouts, { productKey: code, address }, () =>
    domain.records.transaction(async (stores) => {
      const { machine, vault, madeBy } = await findCode(domain, stores, code);
      return await takeOver(domain, stores, { machine, vault, ...taken }, { actor: `code of ${madeBy}`, address });
    }),
  );
}

/** Codes that are good for nothing any more. */
export const forgetReplacements = ({ records, clock }: Domain): Promise<void> =>
  records.replacements.removeExpired(clock.now());

/** Throws `replacement/invalid`, and why the machine may not be used. */
async function findCode(
  { clock }: Domain,
  stores: RecordStores,
  code: string,
): Promise<{ machine: MachineRow; vault: VaultRow; madeBy: string }> {
  const digest = digestOfTypedKey(code);
  const row = digest === undefined ? undefined : await stores.replacements.find(digest);
  const machine = row === undefined ? undefined : await stores.machines.find(row.machine);
  const vault = machine === undefined ? undefined : await stores.vaults.findByMachine(machine.id);
  if (row === undefined || machine === undefined || vault === undefined || row.expiresAt <= clock.now())
    throw new HoldfastError("replacement/invalid");
  const account = await stores.accounts.find(machine.account);
  if (account !== undefined) await checkActive(stores, account);
  if (machine.state === "suspended") throw new HoldfastError("machine/suspended");
  return { machine, vault, madeBy: row.madeBy };
}
