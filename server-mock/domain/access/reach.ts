/**
 * What a role really gives: never more than its maker has. When a maker's role shrinks, so does what the maker gave, at once and for as long as that
 * lasts; a maker who left counts as he was.
 */
import {
  CAPABILITIES,
  type Capability,
  ORGANIZATION_CAPABILITIES,
  USER_CAPABILITIES,
} from "../../../protocol/capabilities.ts";
import { HoldfastError } from "../../../protocol/errors.ts";
import { capability } from "../../../protocol/messages/capabilities.ts";
import type { RecordStores } from "../../records/records.ts";
import type { AccountRow, RoleRow } from "../../records/rows.ts";

export interface Reach {
  readonly capabilities: readonly Capability[];
  /** Ids; null: all. */
  readonly groups: readonly string[] | null;
}

const NOTHING: Reach = { capabilities: [], groups: [] };

export async function reachOf(
  stores: Pick<RecordStores, "roles" | "accounts">,
  account: AccountRow,
  seen: ReadonlySet<string> = new Set(),
): Promise<Reach> {
  switch (account.role) {
    case "owner":
      return { capabilities: CAPABILITIES, groups: null };
    case "user":
      return { capabilities: USER_CAPABILITIES, groups: null };
    case "admin": {
      if (account.roleId === null) return { capabilities: ORGANIZATION_CAPABILITIES, groups: null };
      const role = await stores.roles.find(account.roleId);
      // A role that was removed gives nothing.
      return role === undefined ? NOTHING : await reachOfRole(stores, role, seen);
    }
  }
}

/** `seen`: roles on the way here. Two that were made by one another's holders bound each other, and nothing else. */
export async function reachOfRole(
  stores: Pick<RecordStores, "roles" | "accounts">,
  role: RoleRow,
  seen: ReadonlySet<string> = new Set(),
): Promise<Reach> {
  const named = new Set(parseCapabilities(role.capabilities));
  const own: Reach = {
    capabilities: ORGANIZATION_CAPABILITIES.filter((each) => named.has(each)),
    groups: role.scopeGroups === null ? null : parseIds(role.scopeGroups),
  };
  if (role.madeBy === null || seen.has(role.id)) return own;
  const maker = await stores.accounts.find(role.madeBy);
  if (maker === undefined) return own;
  return intersection(own, await reachOf(stores, maker, new Set([...seen, role.id])));
}

function intersection(one: Reach, other: Reach): Reach {
  const capabilities = one.capabilities.filter((each) => other.capabilities.includes(each));
  if (one.groups === null || other.groups === null) return { capabilities, groups: one.groups ?? other.groups };
  const { groups } = other;
  return { capabilities, groups: one.groups.filter((each) => groups.includes(each)) };
}

/** What of `wanted` goes beyond `own`: nothing when it is empty. */
export function excessOf(wanted: Reach, own: Reach): string[] {
  const missing: string[] = wanted.capabilities.filter((each) => !own.capabilities.includes(each));
  const { groups } = own;
  if (groups === null) return missing;
  if (wanted.groups === null) return [...missing, "all groups"];
  return [...missing, ...wanted.groups.filter((each) => !groups.includes(each)).map(() => "another group")];
}

/** Throws `role/exceeds`. */
export function checkWithin(wanted: Reach, own: Reach): void {
  const excess = excessOf(wanted, own);
  if (excess.length > 0) throw new HoldfastError("role/exceeds", { what: [...new Set(excess)].join(", ") });
}

export const parseCapabilities = (json: string): Capability[] => capability.array().parse(JSON.parse(json));

export const parseIds = (json: string): string[] => (JSON.parse(json) as unknown[]).map(String);
