/** Tokens: 256 random bits, kept as SHA-256, each with one audience. */
import { sha256 } from "../../../base/digest.ts";
import { HoldfastError } from "../../../protocol/errors.ts";
import type { RecordStores } from "../../records/records.ts";
import type { AccountRow, MachineRow, TokenRow } from "../../records/rows.ts";
import type { Domain } from "../domain.ts";
import { accessOf, isWithin } from "./access.ts";
import type { Caller, RestoreCaller } from "./callers.ts";

export const CONSOLE_MS = 12 * 3600 * 1000;
export const RESTORE_MS = 12 * 3600 * 1000;
/** A browser that nobody uses for so long is logged out. */
const IDLE_MS = 2 * 3600 * 1000;
/** "Last Seen" is this exact; writing it at every call would cost a disk sync each. */
const SEEN_MS = 60_000;

type NewToken = Pick<TokenRow, "audience"> & Partial<Omit<TokenRow, "digest" | "createdAt">>;

/** Adds a token to `stores` and gives its text, which nobody sees again. */
export async function giveToken(domain: Domain, stores: RecordStores, token: NewToken): Promise<string> {
  const text = domain.random(32).toString("base64url");
  const id = token.audience === "console" ? domain.newId() : null;
  await stores.tokens.insert({ ...NOTHING, id, ...token, digest: digestOf(text), createdAt: domain.clock.now() });
  return text;
}

/** Of a token that was given before: only its digest is known. */
export async function keepToken(
  domain: Domain,
  stores: RecordStores,
  token: NewToken & Pick<TokenRow, "digest">,
): Promise<void> {
  await stores.tokens.insert({ ...NOTHING, id: null, ...token, createdAt: domain.clock.now() });
}

const NOTHING = {
  account: null,
  machine: null,
  restore: null,
  name: null,
  capabilities: null,
  actor: null,
  address: null,
  userAgent: null,
  expiresAt: null,
  lastUsedAt: null,
  provenAt: null,
  isCookie: 0,
  limitedTo: null,
} as const;

const digestOf = (token: string): Buffer => sha256(Buffer.from(token));

/** Throws `token/invalid`; `account/suspended`, `machine/suspended` and `machine/deleted` when that is why. */
export async function authenticate(domain: Domain, text: string): Promise<Caller> {
  const { records, clock } = domain;
  const digest = digestOf(text);
  const token = await records.tokens.find(digest);
  if (token === undefined || hasEnded(token, clock.now())) throw new HoldfastError("token/invalid");
  switch (token.audience) {
    case "agent":
      return await agent(domain, token);
    case "console":
      return await person(domain, token);
    case "restore":
      return await restore(domain, token);
    // It stands in an address, so it must not be good for more than that address says.
    case "download":
      throw new HoldfastError("token/invalid");
  }
}

/** Of an archive's link. Throws `restore/link-ended`, and `account/suspended` and the like when that is why. */
export async function authenticateDownload(domain: Domain, text: string): Promise<Omit<RestoreCaller, "audience">> {
  const token = await domain.records.tokens.find(digestOf(text));
  if (token?.audience !== "download" || hasEnded(token, domain.clock.now()))
    throw new HoldfastError("restore/link-ended");
  const { audience: _, ...found } = await restore(domain, token).catch((error: unknown) => {
    throw error instanceof HoldfastError && error.code === "token/invalid"
      ? new HoldfastError("restore/link-ended", {}, { cause: error })
      : error;
  });
  return found;
}

export function hasEnded({ expiresAt, isCookie, lastUsedAt, createdAt }: TokenRow, now: number): boolean {
  if (expiresAt !== null && expiresAt <= now) return true;
  return isCookie === 1 && (lastUsedAt ?? createdAt) + IDLE_MS <= now;
}

async function agent({ records, clock }: Domain, token: TokenRow): Promise<Caller> {
  const { machine, vault } = await machineOf(records, token, { evenDeleted: true });
  if (machine.deletedAt !== null) throw new HoldfastError("machine/deleted");
  if (machine.state === "suspended") throw new HoldfastError("machine/suspended");
  await checkOwner(records, machine.account);
  if ((machine.lastSeenAt ?? 0) + SEEN_MS < clock.now())
    await records.machines.change(machine.id, { lastSeenAt: clock.now() });
  return { audience: "agent", machine, vault };
}

async function person(domain: Domain, token: TokenRow): Promise<Caller> {
  const { records } = domain;
  const account = await activeAccount(records, token.account);
  const actor = token.actor === null ? undefined : await activeActor(records, token.actor, account);
  await seen(domain, token);
  return { audience: "console", account, actor, token, ...(await accessOf(records, account, token)) };
}

/** Who acts as `account` must be allowed to for as long as it lasts. */
async function activeActor(records: RecordStores, id: string, account: AccountRow): Promise<AccountRow> {
  const actor = await activeAccount(records, id);
  const { capabilities, scope } = await accessOf(records, actor, { capabilities: null });
  const { organization, userGroup, role } = account;
  const isSeen = isWithin(scope, { organization, userGroup: userGroup ?? "", account: "" });
  // A user who was made an administrator meanwhile may do more than whoever acts.
  if (role !== "user" || !isSeen || !capabilities.has("users.act-as")) throw new HoldfastError("token/invalid");
  return actor;
}

async function seen({ records, clock }: Domain, { digest, lastUsedAt }: TokenRow): Promise<void> {
  if ((lastUsedAt ?? 0) + SEEN_MS < clock.now()) await records.tokens.change(digest, { lastUsedAt: clock.now() });
}

async function restore({ records }: Domain, token: TokenRow): Promise<RestoreCaller> {
  const { machine, vault } = await machineOf(records, token);
  // What allowed to open it must still hold: an admin's rights end at once.
  if (!(await mayStillRead(records, token.account, machine))) throw new HoldfastError("token/invalid");
  const row = token.restore === null ? undefined : await records.restores.find(token.restore);
  if (row === undefined) throw new HoldfastError("token/invalid");
  return { audience: "restore", restore: row, machine, vault };
}

/** Whether that account may have the machine's files restored now. Throws `account/suspended` and the like. */
export async function mayStillRead(records: RecordStores, id: string | null, machine: MachineRow): Promise<boolean> {
  const account = await activeAccount(records, id);
  const { capabilities, scope } = await accessOf(records, account, { capabilities: null });
  return (machine.account === account.id || capabilities.has("restores.create")) && isWithin(scope, machine);
}

async function machineOf(records: RecordStores, { machine: id }: TokenRow, { evenDeleted = false } = {}) {
  const found = await (evenDeleted ? records.machines.findEvenDeleted(id ?? "") : records.machines.find(id ?? ""));
  const machine = found?.purgedAt === null ? found : undefined;
  const vault = machine === undefined ? undefined : await records.vaults.findByMachine(machine.id);
  if (machine === undefined || vault === undefined) throw new HoldfastError("token/invalid");
  return { machine, vault };
}

/** A machine goes on while its user has yet to choose a (new) password. */
async function checkOwner(records: RecordStores, id: string): Promise<void> {
  const account = await records.accounts.find(id);
  if (account === undefined) throw new HoldfastError("token/invalid");
  await checkActive(records, account.state === "inactive" ? { ...account, state: "active" } : account);
}

async function activeAccount(records: RecordStores, id: string | null): Promise<AccountRow> {
  const account = id === null ? undefined : await records.accounts.find(id);
  if (account === undefined) throw new HoldfastError("token/invalid");
  await checkActive(records, account);
  return account;
}

/** Throws `account/suspended`, `account/inactive`, `account/ended`; its organization's state counts, too. */
export async function checkActive(records: RecordStores, account: AccountRow): Promise<void> {
  switch (account.state) {
    case "suspended":
      throw new HoldfastError("account/suspended");
    case "inactive":
      throw new HoldfastError("account/inactive");
    case "canceled":
    case "deleted":
    case "purged":
      throw new HoldfastError("account/ended");
    case "active": {
      const above = account.organization === null ? undefined : await records.organizations.find(account.organization);
      if (above?.state === "suspended") throw new HoldfastError("organization/suspended");
    }
  }
}
