/** Tokens: 256 random bits, kept as SHA-256, each with one audience. */
import { sha256 } from "../../base/digest.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import type { RecordStores } from "../records/records.ts";
import type { AccountRow, TokenRow } from "../records/rows.ts";
import { accessOf } from "./access.ts";
import type { Caller } from "./callers.ts";
import type { Domain } from "./domain.ts";

export const CONSOLE_MS = 12 * 3600 * 1000;
export const RESTORE_MS = 12 * 3600 * 1000;
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

/** Throws `token/invalid`; `account/suspended` and `machine/suspended` when that is why. */
export async function authenticate(domain: Domain, text: string): Promise<Caller> {
  const { records, clock } = domain;
  const digest = digestOf(text);
  const token = await records.tokens.find(digest);
  if (token === undefined || (token.expiresAt !== null && token.expiresAt <= clock.now()))
    throw new HoldfastError("token/invalid");
  switch (token.audience) {
    case "agent":
      return await agent(domain, token);
    case "console":
      return await person(records, token);
    case "restore":
      return await restore(domain, token);
  }
}

async function agent({ records, clock }: Domain, token: TokenRow): Promise<Caller> {
  const { machine, vault } = await machineOf(records, token);
  if (machine.state === "suspended") throw new HoldfastError("machine/suspended");
  await activeAccount(records, machine.account);
  if ((machine.lastSeenAt ?? 0) + SEEN_MS < clock.now())
    await records.machines.change(machine.id, { lastSeenAt: clock.now() });
  return { audience: "agent", machine, vault };
}

async function person(records: RecordStores, token: TokenRow): Promise<Caller> {
  const account = await activeAccount(records, token.account);
  const role = account.roleId === null ? undefined : await records.roles.find(account.roleId);
  const actor = token.actor === null ? undefined : await activeAccount(records, token.actor);
  return { audience: "console", account, actor, token, ...accessOf(account, role, token) };
}

async function restore({ records }: Domain, token: TokenRow): Promise<Caller> {
  const { machine, vault } = await machineOf(records, token);
  await activeAccount(records, token.account);
  const row = token.restore === null ? undefined : await records.restores.find(token.restore);
  if (row === undefined) throw new HoldfastError("token/invalid");
  return { audience: "restore", restore: row, machine, vault };
}

async function machineOf(records: RecordStores, token: TokenRow) {
  const machine = token.machine === null ? undefined : await records.machines.find(token.machine);
  const vault = machine === undefined ? undefined : await records.vaults.findByMachine(machine.id);
  if (machine === undefined || vault === undefined) throw new HoldfastError("token/invalid");
  return { machine, vault };
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
      throw new HoldfastError("account/ended");
    case "active": {
      const above = account.organization === null ? undefined : await records.organizations.find(account.organization);
      if (above?.state === "suspended") throw new HoldfastError("organization/suspended");
    }
  }
}
