/** Where an account is logged in, its API tokens, and what others did to it. */
import type { z } from "zod";
import { HoldfastError } from "../../../protocol/errors.ts";
import type { AuditView } from "../../../protocol/messages/records.ts";
import type { ApiTokenView, apiTokenCreate, LogInView } from "../../../protocol/messages/security.ts";
import type { RecordStores } from "../../records/records.ts";
import type { TokenRow } from "../../records/rows.ts";
import type { Domain } from "../domain.ts";
import { type ListQuery, numberedPageOf, type Page, pageOf } from "../pages.ts";
import { audit } from "../records/audit.ts";
import { instant, instantOrNull, viewAudit } from "../views.ts";
import { actorOf } from "./access.ts";
import type { ConsoleCaller } from "./callers.ts";
import { checkWithin, parseCapabilities } from "./reach.ts";
import { giveToken, hasEnded } from "./tokens.ts";

const DAY_MS = 24 * 3600 * 1000;

/** A row of the list has an id, or it would not be in it. */
type ListedToken = TokenRow & { id: string };

/** A page may be short of those that have just ended. */
async function listTokens(
  { records, clock }: Domain,
  { account }: ConsoleCaller,
  { query, isNamed }: { query: ListQuery; isNamed: boolean },
): Promise<Page<ListedToken>> {
  const { items, next } = await pageOf(
    query,
    async (page) => (await records.tokens.listConsole(account.id, page, { isNamed })).filter(hasId),
    (row) => row,
  );
  return { items: items.filter((row) => !hasEnded(row, clock.now())), next };
}

const hasId = (row: TokenRow): row is ListedToken => row.id !== null;

export async function listLogIns(domain: Domain, caller: ConsoleCaller, query: ListQuery): Promise<Page<LogInView>> {
  const { items, next } = await listTokens(domain, caller, { query, isNamed: false });
  const views: LogInView[] = [];
  for (const row of items) {
    const actor = row.actor === null ? undefined : await domain.records.accounts.find(row.actor);
    views.push({
      id: row.id,
      isThis: Buffer.from(row.digest).equals(caller.token.digest),
      isCookie: row.isCookie === 1,
      actor: actor?.login ?? null,
      address: row.address,
      userAgent: row.userAgent,
      createdAt: instant(row.createdAt),
      lastUsedAt: instantOrNull(row.lastUsedAt),
      expiresAt: instantOrNull(row.expiresAt),
    });
  }
  return { items: views, next };
}

export async function listApiTokens(
  domain: Domain,
  caller: ConsoleCaller,
  query: ListQuery,
): Promise<Page<ApiTokenView>> {
  const { items, next } = await listTokens(domain, caller, { query, isNamed: true });
  return { items: items.map(viewApiToken), next };
}

const viewApiToken = (row: ListedToken): ApiTokenView => ({
  id: row.id,
  name: row.name ?? "",
  capabilities: row.capabilities === null ? [] : parseCapabilities(row.capabilities),
  createdAt: instant(row.createdAt),
  lastUsedAt: instantOrNull(row.lastUsedAt),
  expiresAt: instantOrNull(row.expiresAt),
});

/** Throws `role/exceeds`. What its maker loses later, the token loses, too. */
export async function createApiToken(
  domain: Domain,
  caller: ConsoleCaller,
  wanted: z.output<typeof apiTokenCreate>,
  address: string,
): Promise<ApiTokenView & { token: string }> {
  checkWithin(
    { capabilities: wanted.capabilities, groups: [] },
    { capabilities: [...caller.capabilities], groups: null },
  );
  const { id: account, organization } = caller.account;
  const expiresAt = domain.clock.now() + wanted.days * DAY_MS;
  const id = domain.newId();
  const capabilities = JSON.stringify([...new Set(wanted.capabilities)]);
  const token = await domain.records.transaction(async (stores) => {
    const act = { organization, action: "tokens/create", subject: wanted.name, account };
    await audit(domain, stores, { ...actorOf(caller, address), ...act, detail: capabilities });
    const given = { id, account, name: wanted.name, capabilities, expiresAt, address };
    return await giveToken(domain, stores, { audience: "console", ...given });
  });
  const row = await domain.records.tokens.findById(id);
  if (row === undefined || !hasId(row)) throw new HoldfastError("log-in/missing");
  return { ...viewApiToken(row), token };
}

/** Ends one's own log-in or token. Throws `log-in/missing`. */
export async function endToken(
  domain: Domain,
  caller: ConsoleCaller,
  { id, isNamed }: { id: string; isNamed: boolean },
  address: string,
): Promise<void> {
  await domain.records.transaction(async (stores) => {
    const row = await ownToken(stores, caller, id);
    if ((row.name !== null) !== isNamed) throw new HoldfastError("log-in/missing");
    await stores.tokens.remove(row.digest);
    const { organization, id: account, login } = caller.account;
    const action = isNamed ? "tokens/revoke" : "log-in/end";
    const act = { organization, action, subject: row.name ?? login, account };
    await audit(domain, stores, { ...actorOf(caller, address), ...act });
  });
}

async function ownToken(stores: RecordStores, { account }: ConsoleCaller, id: string): Promise<TokenRow> {
  const row = await stores.tokens.findById(id);
  if (row === undefined || row.account !== account.id || row.audience !== "console")
    throw new HoldfastError("log-in/missing");
  return row;
}

export async function endOtherLogIns(domain: Domain, caller: ConsoleCaller, address: string): Promise<void> {
  await domain.records.transaction(async (stores) => {
    const { organization, id, login } = caller.account;
    await stores.tokens.removeOtherLogIns(id, caller.token.digest);
    const act = { organization, action: "log-in/end-others", subject: login, account: id };
    await audit(domain, stores, { ...actorOf(caller, address), ...act });
  });
}

export const listActivity = (
  { records }: Domain,
  { account }: ConsoleCaller,
  query: ListQuery,
): Promise<Page<AuditView>> =>
  numberedPageOf(
    query,
    (page) => records.activity.list(account.id, account.login, page),
    (row) => row.id,
    viewAudit,
  );
