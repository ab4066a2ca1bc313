/** What an account may see and do. What it may not see does not exist for it. */
import {
  CAPABILITIES,
  type Capability,
  ORGANIZATION_CAPABILITIES,
  USER_CAPABILITIES,
} from "../../protocol/capabilities.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import { capability } from "../../protocol/messages/capabilities.ts";
import type { Route } from "../../protocol/routes.ts";
import type { RecordStores, Scope } from "../records/records.ts";
import type { AccountRow, GroupRow, MachineRow, RoleRow, TokenRow, VaultRow } from "../records/rows.ts";
import type { AuditActor } from "./audit.ts";
import type { Anyone, Caller, ConsoleCaller } from "./callers.ts";

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

/** What the route asks for. */
export function authorize(caller: Caller | Anyone, route: Pick<Route, "needs">): void {
  if (caller.audience === "console" && route.needs !== undefined) requireCapability(caller, route.needs);
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
  isWithin(caller.scope, machine) &&
  (machine.account === caller.account.id || caller.capabilities.has("machines.view"));

/** A user of the caller's scope, deleted or not. Throws `user/missing`. */
export async function getUser(stores: RecordStores, caller: ConsoleCaller, id: string): Promise<AccountRow> {
  const user = await stores.accounts.find(id);
  if (user === undefined || user.role !== "user") throw new HoldfastError("user/missing");
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
export function accessOf(
  account: AccountRow,
  role: RoleRow | undefined,
  token: Pick<TokenRow, "capabilities">,
): Pick<ConsoleCaller, "scope" | "capabilities"> {
  const given = capabilitiesOf(account, role);
  const narrowed = token.capabilities === null ? undefined : new Set(parseCapabilities(token.capabilities));
  const capabilities = new Set(given.filter((each) => narrowed === undefined || narrowed.has(each)));
  return { scope: scopeOf(account, role), capabilities };
}

export function capabilitiesOf(account: AccountRow, role: RoleRow | undefined): readonly Capability[] {
  switch (account.role) {
    case "owner":
      return CAPABILITIES;
    case "admin": {
      // A role that was removed gives nothing.
      if (account.roleId === null) return ORGANIZATION_CAPABILITIES;
      const named = new Set(role === undefined ? [] : parseCapabilities(role.capabilities));
      return ORGANIZATION_CAPABILITIES.filter((each) => named.has(each));
    }
    case "user":
      return USER_CAPABILITIES;
  }
}

function scopeOf(account: AccountRow, role: RoleRow | undefined): Scope {
  const organization = account.organization ?? undefined;
  switch (account.role) {
    case "owner":
      return {};
    case "admin":
      return { organization, groups: role?.scopeGroups == null ? undefined : parseIds(role.scopeGroups) };
    case "user":
      return { organization, account: account.id };
  }
}

export const parseCapabilities = (json: string): Capability[] => capability.array().parse(JSON.parse(json));

export const parseIds = (json: string): string[] => (JSON.parse(json) as unknown[]).map(String);
