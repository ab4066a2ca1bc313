/**
 * Registration: a product key, or a log-in, makes a machine and its vault (docs/protocol.md §Registration). Checks and rows are one
 * transaction, so that two machines never share a key and a device is never given twice.
 */
import { bug, HoldfastError } from "../../protocol/errors.ts";
import { NO_RECORD } from "../../protocol/ids.ts";
import type { RegisterRequest, RegisterResponse, VaultPublic } from "../../protocol/messages/machines.ts";
import type { RecordStores } from "../records/records.ts";
import type { AccountRow, MachineRow, ProductKeyRow } from "../records/rows.ts";
import { audit } from "./audit.ts";
import type { Domain } from "./domain.ts";
import { guardKey } from "./key-attempts.ts";
import { checkCredentials } from "./log-in.ts";
import { digestOfTypedKey } from "./product-keys.ts";
import { giveToken } from "./tokens.ts";

export async function register(domain: Domain, request: RegisterRequest, address: string): Promise<RegisterResponse> {
  const { productKey, login } = request;
  if ((productKey === undefined) === (login === undefined))
    throw new HoldfastError("request/malformed", { reason: "either a product key or a log-in is needed" });
  const person = login === undefined ? undefined : await checkCredentials(domain, login, address);
  await checkWrap(domain, request.vault);
  const registered = () => registerWith(domain, request, { person, address });
  return await (productKey === undefined
    ? registered()
    : guardKey(domain.lockouts, { productKey, address }, registered));
}

async function registerWith(
  domain: Domain,
  request: RegisterRequest,
  { person, address }: { person: AccountRow | undefined; address: string },
): Promise<RegisterResponse> {
  const { productKey, machine: facts } = request;
  return await domain.records.transaction(async (stores) => {
    const key = productKey === undefined ? undefined : await findKey(stores, productKey);
    if (key !== undefined) await checkKey(stores, key, facts);
    const account = person ?? (await ownerOf(stores, key));
    if (account.organization === null || account.userGroup === null)
      throw new HoldfastError("role/not-allowed", { action: "own machines" });
    if (key === undefined) {
      const known = await stores.machines.findByFingerprint(account.id, facts.fingerprint);
      if (known !== undefined) throw new HoldfastError("machine/known", { machine: known.id });
    }
    await checkDevices(stores, account, facts.kind);
    if ((await stores.vaults.find(request.vault.id)) !== undefined) throw new HoldfastError("vault/exists");

    const machine = newMachine(domain, account, facts, key);
    await stores.machines.insert(machine);
    await stores.accounts.recount(account.id);
    await stores.vaults.insert(newVault(machine.id, request.vault));
    if (key !== undefined)
      await stores.productKeys.change(key.id, { machine: machine.id, activatedAt: domain.clock.now() });
    const detail = key === undefined ? "by log-in" : `with key …${key.lastGroup}`;
    const act = { organization: machine.organization, actor: account.login, action: "machines/register", address };
    await audit(domain, stores, { ...act, subject: machine.name, detail, account: account.id });
    const organization = await stores.organizations.find(machine.organization);
    return {
      machine: machine.id,
      token: await giveToken(domain, stores, { audience: "agent", machine: machine.id }),
      organization: organization?.name ?? "",
      user: account.login,
    };
  });
}

/** A default wrap that the service can't open would only be noticed at the first restore. */
async function checkWrap({ keys }: Domain, vault: VaultPublic): Promise<void> {
  if (vault.wrap.kind !== "default") return;
  const opened = { id: vault.id, epoch: 1, readKey: Buffer.from(vault.readKey, "base64") };
  await keys.openWrap(vault.wrap, opened).catch((error: unknown) => {
    const reason = error instanceof HoldfastError ? String(error.data.reason) : "its wrap does not open";
    throw new HoldfastError("request/malformed", { reason: `vault.wrap: ${reason}`, path: "vault.wrap" });
  });
}

async function findKey(stores: RecordStores, typed: string): Promise<ProductKeyRow> {
  const digest = digestOfTypedKey(typed);
  const key = digest === undefined ? undefined : await stores.productKeys.findByDigest(digest);
  if (key !== undefined) return key;
  throw new HoldfastError("product-key/unknown");
}

async function checkKey(stores: RecordStores, key: ProductKeyRow, facts: RegisterRequest["machine"]): Promise<void> {
  if (key.revokedAt !== null) throw new HoldfastError("product-key/revoked");
  if (key.machine !== null) {
    const activated = await stores.machines.find(key.machine);
    if (activated?.fingerprint === facts.fingerprint)
      throw new HoldfastError("machine/known", { machine: activated.id });
    throw new HoldfastError("product-key/used");
  }
  if (key.kind !== facts.kind)
    throw new HoldfastError("product-key/wrong-type", { keyType: key.kind, machineType: facts.kind });
}

async function ownerOf(stores: RecordStores, key: ProductKeyRow | undefined): Promise<AccountRow> {
  const account = key === undefined || key.account === null ? undefined : await stores.accounts.find(key.account);
  if (account === undefined) throw new HoldfastError("product-key/unknown");
  if (account.state === "suspended") throw new HoldfastError("account/suspended");
  return account;
}

async function checkDevices(stores: RecordStores, account: AccountRow, kind: MachineRow["kind"]): Promise<void> {
  const used = (await stores.machines.countDevices(account.id))[kind];
  const limit = kind === "desktop" ? account.desktopDevices : account.serverDevices;
  if (used >= limit) throw new HoldfastError("device/limit", { device: kind, used, limit });
}

function newMachine(
  domain: Domain,
  { id: account, organization, userGroup, installRegion }: AccountRow,
  facts: RegisterRequest["machine"],
  key: ProductKeyRow | undefined,
): MachineRow {
  const now = domain.clock.now();
  if (organization === null || userGroup === null) return bug("a machine for an account without organization or group");
  return {
    id: domain.newId().replaceAll("-", ""),
    organization,
    account,
    userGroup,
    externalId: null,
    name: facts.name,
    os: facts.os,
    kind: facts.kind,
    virtual: facts.virtual ? 1 : 0,
    fingerprint: facts.fingerprint,
    agentVersion: facts.agentVersion,
    state: "active",
    deletedAt: null,
    purgedAt: null,
    limitBytes: null,
    usedBytes: 0,
    productKey: key?.lastGroup ?? null,
    createdAt: now,
    lastUpdateAt: null,
    lastFailureAt: null,
    lastFailureCode: null,
    lastSeenAt: now,
    installRegion,
    version: 1,
  };
}

const newVault = (machine: string, vault: VaultPublic) => ({
  id: vault.id,
  machine,
  epoch: 1,
  readKey: Buffer.from(vault.readKey, "base64"),
  signer: Buffer.from(vault.signer, "base64"),
  signerProof: Buffer.from(vault.signerProof, "base64"),
  wrap: JSON.stringify(vault.wrap),
  sequence: 0,
  head: NO_RECORD,
  fence: 0,
});
