/** Keeps each vault's card in the storage as the rows say, and a copy of each receipt: with packs and records that is all that `rebuild` needs. */
import { Readable } from "node:stream";
import { sha256 } from "../../../base/digest.ts";
import { encodeVaultCard, type VaultCard } from "../../../protocol/vault-card.ts";
import { cardName, receiptName } from "../../blobs/blobs.ts";
import type { RecordStores } from "../../records/records.ts";
import type { MachineRow, VaultRow } from "../../records/rows.ts";
import type { Domain } from "../domain.ts";
import { instant, wrapOf } from "../views.ts";

const VAULTS_PER_QUERY = 500;

/** Before anything of a vault is stored, and whenever its keys, wrap or machine have changed. Answers whether there was something to write. */
export async function keepCard(domain: Domain, number: number): Promise<boolean> {
  const { records, blobs, clock, keys } = domain;
  const vault = await records.vaults.findByNumber(number);
  const machine = vault === undefined ? undefined : await records.machines.findEvenDeleted(vault.machine);
  const space = await records.spaces.find(number);
  if (vault === undefined || machine === undefined || space.purgedAt !== null) return false;
  const card = await cardOf(records, vault, machine);
  const current = sha256(Buffer.from(JSON.stringify(card))).toString("hex");
  if (space.card === current) return false;
  const bytes = encodeVaultCard(card, (message) => keys.receipts.sign(message));
  const digest = sha256(bytes);
  const name = cardName(vault.id, clock.now(), digest.toString("hex"));
  await blobs.put({ name, source: Readable.from([bytes]), sizeBytes: bytes.length, digest });
  await records.spaces.change(number, { card: current });
  // The new one is durable; readers take the newest.
  for await (const older of blobs.list(`vaults/${vault.id}`)) if (older < name) await blobs.remove(older);
  return true;
}

/** All vaults' cards; for what changed without a backup since. */
export async function keepCards(domain: Domain, signal?: AbortSignal): Promise<{ written: number }> {
  let written = 0;
  for (let after = 0; ; ) {
    const numbers = await domain.records.spaces.listVaults(after, VAULTS_PER_QUERY);
    for (const number of numbers) {
      if (signal?.aborted) return { written };
      if (await keepCard(domain, number)) written++;
    }
    after = numbers.at(-1) ?? 0;
    if (numbers.length < VAULTS_PER_QUERY) return { written };
  }
}

/** Says when the record was received; without it a rebuilt history would have to believe the machine's clock. */
export async function keepReceipt(
  { blobs }: Domain,
  vault: string,
  kept: { sequence: number; record: string; receipt: Buffer },
): Promise<void> {
  const { sequence, record, receipt } = kept;
  const name = receiptName(vault, sequence, record);
  await blobs.put({ name, source: Readable.from([receipt]), sizeBytes: receipt.length, digest: sha256(receipt) });
}

async function cardOf(stores: RecordStores, vault: VaultRow, machine: MachineRow): Promise<VaultCard> {
  const token = await stores.reach.findAgentToken(machine.id);
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");
  return {
    vault: vault.id,
    machine: machine.id,
    epoch: vault.epoch,
    readKey: base64(vault.readKey),
    signer: base64(vault.signer),
    signerProof: base64(vault.signerProof),
    wrap: wrapOf(vault),
    agentToken: token === undefined ? null : Buffer.from(token).toString("hex"),
    organization: machine.organization,
    account: machine.account,
    name: machine.name,
    os: machine.os,
    kind: machine.kind,
    virtual: machine.virtual === 1,
    fingerprint: machine.fingerprint,
    agentVersion: machine.agentVersion,
    createdAt: instant(machine.createdAt),
  };
}
