/** What an account may see and do. What it may not see does not exist for it. */
import type { Capability } from "../../../protocol/capabilities.ts";
import { HoldfastError } from "../../../protocol/errors.ts";
import type { Route } from "../../../protocol/routes.ts";
import type { RecordStores, Scope } from "../../records/records.ts";
import type { AccountRow, GroupRow, MachineRow, TokenRow, VaultRow } from "../../records/rows.ts";
import type { Domain } from "../domain.ts";
import type { AuditActor } from "../records/audit.ts";
import type { Anyone, Caller, ConsoleCaller } from "./callers.ts";
import { parseCapabilities, type Reach, reachOf } from "./reach.ts";

const ACTIONS: Readonly<Record<string, string>> = {
  view: "see",
  create: "create",
  edit: "change",
  delete: "delete",
  "act-as": "log in as",
};

/** Throws `role/not-allowed`. */
export function requireCapability(caller: ConsoleCaller, needed: Capability): void {
  if (caller.capabilities.has(needed)) return;
  const [area = "", verb = ""] = needed.split(".");
  throw new HoldfastError("role/not-allowed", { action: `${ACTIONS[verb] ?? verb} ${area}`, capability: needed });
}

/** How long a password that was given lets its person do what is dangerous. */
export const PROVEN_MS = 5 * 60_000;

/** What the route asks for. Throws `role/not-allowed`, `login/in-person`, `login/prove-again`, and what a limited log-in is limited to. */
export function authorize({ clock }: Pick<Domain, "clock">, caller: Caller | Anyone, route: Route): void {
  if (caller.audience !== "console") return;
  const { token, actor } = caller;
  checkLimit(token, route);
  if (route.needs !== undefined) requireCapability(caller, route.needs);
  if (route.self && (token.name !== null || actor !== undefined)) throw new HoldfastError("login/in-person");
  if (route.stepUp) requireProven({ clock }, caller, route.needs !== undefined);
}

/**
 * For acts that are dangerous only with certain fields: throws `login/prove-again`, and `login/in-person` for whoever acts as somebody else. A named
 * token was given its capabilities by a password, so that will do unless the act needs none.
 */
export function requireProven(
  { clock }: Pick<Domain, "clock">,
  { token, actor }: ConsoleCaller,
  needsCapability = true,
): void {
  const isNamed = token.name !== null;
  if (actor !== undefined || (isNamed && !needsCapability)) throw new HoldfastError("login/in-person");
  if (!isNamed && (token.provenAt === null || token.provenAt + PROVEN_MS <= clock.now()))
    throw new HoldfastError("login/prove-again", { minutes: PROVEN_MS / 60_000 });
}

function checkLimit({ limitedTo }: TokenRow, { goodFor = [] }: Route): void {
  if (limitedTo === null || goodFor.includes(limitedTo)) return;
  switch (limitedTo) {
    case "second-factor":
      throw new HoldfastError("second-factor/required");
    case "password":
      throw new HoldfastError("password/must-change");
    // A user's own machines and restores need no more; what does, says so itself.
    case "restore":
      return;
  }
}

/** The organization of an admin or user. Throws `role/not-allowed` for a top-level admin, who has none. */
export function ownOrganization({ account }: ConsoleCaller, action: string): string {
  if (account.organization === null) throw new HoldfastError("role/not-allowed", { action });
  return account.organization;
}

/** Who acts, for the audit. */
export const actorOf = ({ account, actor }: ConsoleCaller, address: string): AuditActor => ({
  actor: actor === undefined ? account.login : `${actor.login} as ${account.login}`,
  address,
});

/** Throws `machine/missing` also for a machine that is none of the caller's business. */
export async function getMachine(
  stores: RecordStores,
  caller: ConsoleCaller,
  id: string,
  { evenDeleted = false } = {},
): Promise<{ machine: MachineRow; vault: VaultRow }> {
  const machine = await (evenDeleted ? stores.machines.findEvenDeleted(id) : stores.machines.find(id));
  const vault = await stores.vaults.findByMachine(id);
  if (machine === undefined || vault === undefined || !seesMachine(caller, machine))
    throw new HoldfastError("machine/missing");
  return { machine, vault };
}

const seesMachine = (caller: ConsoleCaller, machine: MachineRow): boolean =>
  machine.purgedAt === null &&
  isWithin(caller.scope, machine) &&
  (machine.account === caller.account.id || caller.capabilities.has("machines.view"));

/** A user of the caller's scope, deleted or not. Throws `user/missing`. */
export async function getUser(stores: RecordStores, caller: ConsoleCaller, id: string): Promise<AccountRow> {
  const user = await stores.accounts.find(id);
  if (user === undefined || user.role !== "user" || user.state === "purged") throw new HoldfastError("user/missing");
  const { organization, userGroup } = user;
  if (!isWithin(caller.scope, { organization, userGroup: userGroup ?? "", account: user.id }))
    throw new HoldfastError("user/missing");
  return user;
}

/** A group of the caller's scope. Throws `group/missing`. */
export async function getGroup(stores: RecordStores, caller: ConsoleCaller, id: string): Promise<GroupRow> {
  const group = await stores.groups.find(id);
  const { organization, groups, account } = caller.scope;
  const isSeen =
    group !== undefined &&
    account === undefined &&
    (organization === undefined || group.organization === organization) &&
    (groups === undefined || groups.includes(group.id));
  if (!isSeen) throw new HoldfastError("group/missing");
  return group;
}

export const isWithin = (
  { organization, groups, account }: Scope,
  row: { organization: string | null; userGroup: string; account: string },
): boolean =>
  (organization === undefined || organization === row.organization) &&
  (groups === undefined || groups.includes(row.userGroup)) &&
  (account === undefined || account === row.account);

/** What the account's role gives, as far as the token has it. */
export async function accessOf(
  stores: RecordStores,
  account: AccountRow,
  token: Pick<TokenRow, "capabilities">,
): Promise<Pick<ConsoleCaller, "scope" | "capabilities">> {
  const reach = await reachOf(stores, account);
  const narrowed = token.capabilities === null ? undefined : new Set(parseCapabilities(token.capabilities));
  const capabilities = new Set(reach.capabilities.filter((each) => narrowed === undefined || narrowed.has(each)));
  return { scope: scopeOf(account, reach), capabilities };
}

export { parseIds } from "./reach.ts";

function scopeOf(account: AccountRow, { groups }: Reach): Scope {
  const organization = account.organization ?? undefined;
  switch (account.role) {
    case "owner":
      return {};
    case "admin":
      return { organization, groups: groups ?? undefined };
    case "user":
      return { organization, account: account.id };
  }
}
