/**
 * Registration: a product key, or a log-in, makes a machine and its vault (docs/protocol.md §Registration). Checks and rows are one
 * transaction, so that two machines never share a key and a device is never given twice.
 */
import { HoldfastError } from "../../../protocol/errors.ts";
import type { RegisterRequest, RegisterResponse } from "../../../protocol/messages/machines.ts";
import type { RecordStores } from "../../records/records.ts";
import type { AccountRow, MachineRow, ProductKeyRow } from "../../records/rows.ts";
import { checkCredentials } from "../access/log-in.ts";
import { passSecondFactor } from "../access/second-steps.ts";
import { checkActive, giveToken } from "../access/tokens.ts";
import type { Domain } from "../domain.ts";
import { emit } from "../events/emit.ts";
import { tellDeviceQuota } from "../people/device-quotas.ts";
import { effectiveFor } from "../policies/effective.ts";
import { digestOfTypedKey } from "../product-keys/key-text.ts";
import { audit } from "../records/audit.ts";
import { instant } from "../views.ts";
import { checkCertificate } from "./change-wrap.ts";
import { checkWrap } from "./check-wrap.ts";
import { undeletableUntil } from "./delete-machines.ts";
import { checkDevice } from "./devices.ts";
import { guardKey } from "./key-attempts.ts";
import { newMachine, newVault } from "./new-machine.ts";

export async function register(domain: Domain, request: RegisterRequest, address: string): Promise<RegisterResponse> {
  const { productKey, login } = request;
  if ((productKey === undefined) === (login === undefined))
    throw new HoldfastError("request/malformed", { reason: "either a product key or a log-in is needed" });
  const person = login === undefined ? undefined : await checkCredentials(domain, login, address);
  if (person !== undefined) await passSecondFactor(domain, person, { code: login?.code, address });
  if (person?.isPasswordTemporary === 1) throw new HoldfastError("password/must-change");
  const { id, readKey, wrap } = request.vault;
  const vault = { id, epoch: 1, readKey: Buffer.from(readKey, "base64") };
  await checkWrap(domain, { wrap, field: "vault.wrap" }, vault);
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
  const { productKey, machine: facts, vault } = request;
  return await domain.records.transaction(async (stores) => {
    const key = productKey === undefined ? undefined : await findKey(stores, productKey);
    if (key !== undefined) await checkKey(domain, stores, key, facts);
    // As it is now: devices and states may have changed while the password was looked at.
    const account =
      person === undefined ? await ownerOf(stores, key) : ((await stores.accounts.find(person.id)) ?? person);
    if (account.organization === null || account.userGroup === null)
      throw new HoldfastError("role/not-allowed", { action: "own machines" });
    await checkKnown(domain, stores, account, request);
    await checkDevice(stores, account, { kind: facts.kind, virtual: facts.virtual ? 1 : 0 });
    await checkKeyKind(stores, account, request);
    if ((await stores.vaults.find(vault.id)) !== undefined) throw new HoldfastError("vault/exists");

    const machine = newMachine(domain, account, facts, key);
    await stores.machines.insert(machine);
    await stores.accounts.recount(account.id);
    await stores.vaults.insert(newVault(machine.id, vault));
    if (key !== undefined) {
      const activated = { machine: machine.id, activatedAt: domain.clock.now(), version: key.version + 1 };
      await stores.productKeys.change(key.id, activated);
    }
    const { organization } = machine;
    const detail = key === undefined ? "by log-in" : `with key …${key.lastGroup}`;
    const act = { organization, actor: account.login, action: "machines/register", address };
    await audit(domain, stores, { ...act, subject: machine.name, detail, account: account.id });
    const told = { name: machine.name, kind: machine.kind, os: machine.os };
    const happened = { organization, kind: "machine.registered", machine: machine.id, account: account.id } as const;
    await emit(domain, stores, { ...happened, detail: told });
    await tellDeviceQuota(domain, stores, account, machine);
    return {
      machine: machine.id,
      token: await giveToken(domain, stores, { audience: "agent", machine: machine.id }),
      organization: (await stores.organizations.find(organization))?.name ?? "",
      user: account.login,
    };
  });
}

async function findKey(stores: RecordStores, typed: string): Promise<ProductKeyRow> {
  const digest = digestOfTypedKey(typed);
  const key = digest === undefined ? undefined : await stores.productKeys.findByDigest(digest);
  if (key !== undefined) return key;
  throw new HoldfastError("product-key/unknown");
}

async function checkKey(
  domain: Domain,
  stores: RecordStores,
  key: ProductKeyRow,
  facts: RegisterRequest["machine"],
): Promise<void> {
  if (key.revokedAt !== null) throw new HoldfastError("product-key/revoked");
  if (key.machine !== null) {
    const activated = await stores.machines.findEvenDeleted(key.machine);
    if (activated?.fingerprint !== facts.fingerprint) throw new HoldfastError("product-key/used");
    await refuseKnown(domain, stores, activated);
  }
  if (key.suspendedAt !== null) throw new HoldfastError("product-key/suspended");
  if (key.kind !== facts.kind)
    throw new HoldfastError("product-key/wrong-type", { keyType: key.kind, machineType: facts.kind });
  if (key.account === null) throw new HoldfastError("product-key/unassigned");
}

async function ownerOf(stores: RecordStores, key: ProductKeyRow | undefined): Promise<AccountRow> {
  const account = key === undefined || key.account === null ? undefined : await stores.accounts.find(key.account);
  if (account === undefined) throw new HoldfastError("product-key/unknown");
  await checkActive(stores, account);
  return account;
}

/**
 * The same computer again is the same machine: it uses no second licence, also when it was deleted. Only with a key of its own and under another name it
 * is a second one, on purpose.
 */
async function checkKnown(
  domain: Domain,
  stores: RecordStores,
  account: AccountRow,
  { productKey, machine: { fingerprint, name } }: RegisterRequest,
): Promise<void> {
  const known = await stores.machines.listByFingerprint(account.id, fingerprint);
  const same = productKey === undefined ? known : known.filter((each) => each.name === name);
  for (const each of same.toSorted((a, b) => Number(a.deletedAt) - Number(b.deletedAt)))
    await refuseKnown(domain, stores, each);
}

/** Throws `machine/known`, or `machine/was-deleted` as long as it can be brought back; afterwards it is as if there was none. */
async function refuseKnown({ clock }: Domain, stores: RecordStores, known: MachineRow): Promise<void> {
  if (known.deletedAt === null) throw new HoldfastError("machine/known", { machine: known.id });
  const until = await undeletableUntil(stores, known);
  if (known.purgedAt !== null || until <= clock.now()) return;
  throw new HoldfastError("machine/was-deleted", { machine: known.id, until: instant(until) });
}

/** Which kinds of keys are allowed is part of the configuration. */
async function checkKeyKind(
  stores: RecordStores,
  account: AccountRow,
  { machine, vault }: RegisterRequest,
): Promise<void> {
  const { organization, userGroup } = account;
  const place = { id: undefined, organization: organization ?? "", userGroup: userGroup ?? "", kind: machine.kind };
  const allowed = (await effectiveFor(stores, place, account)).keyKinds.value;
  if (!allowed.includes(vault.wrap.kind))
    throw new HoldfastError("encryption/not-allowed", { kind: vault.wrap.kind, allowed: allowed.join(", ") });
  if (vault.wrap.kind === "corporate") await checkCertificate(stores, place.organization, vault.wrap.certificate);
}
