/** Policies as admins write them: one for each level and licence kind. */
import { HoldfastError } from "../../../protocol/errors.ts";
import type { PolicySettings, PolicyView } from "../../../protocol/messages/policies.ts";
import type { RecordStores } from "../../records/records.ts";
import type { DeviceKind } from "../../records/rows.ts";
import { actorOf, getGroup, getMachine, ownOrganization } from "../access/access.ts";
import type { ConsoleCaller } from "../access/callers.ts";
import type { Domain } from "../domain.ts";
import { tellPolicy } from "../events/policy-events.ts";
import { audit } from "../records/audit.ts";
import { checkVersion } from "../versions.ts";
import { instantOrNull } from "../views.ts";
import { inheritedBy, parseSettings } from "./effective.ts";

/** Where a policy is said. */
export type PolicyPlace =
  | { readonly kind: DeviceKind }
  | { readonly group: string; readonly kind: DeviceKind }
  | { readonly machine: string };

interface Found {
  readonly level: PolicyView["level"];
  readonly holder: string;
  readonly organization: string;
  readonly kind: DeviceKind;
  /** For the audit. */
  readonly name: string;
  readonly userGroup?: string;
  readonly account?: string;
}

export async function getPolicy(domain: Domain, caller: ConsoleCaller, place: PolicyPlace): Promise<PolicyView> {
  return await viewPolicy(domain.records, await findPlace(domain.records, caller, place));
}

/** In place of all that this level has said. */
export async function putPolicy(
  domain: Domain,
  caller: ConsoleCaller,
  order: { place: PolicyPlace; settings: PolicySettings; ifMatch: number | undefined },
  address: string,
): Promise<PolicyView> {
  return await domain.records.transaction(async (stores) => {
    if (!("machine" in order.place) && !("group" in order.place)) checkWholeOrganization(caller);
    const found = await findPlace(stores, caller, order.place);
    const { holder, kind, organization } = found;
    const version = (await stores.policies.find(holder, kind))?.version ?? 0;
    checkVersion({ version }, order.ifMatch);
    const settings = JSON.stringify(order.settings);
    const changed = { changedAt: domain.clock.now(), changedBy: caller.account.login };
    await stores.policies.put({ holder, kind, organization, settings, version: version + 1, ...changed });
    const act = { organization, action: "policies/change", subject: `${found.level} ${found.name}, ${kind}` };
    await audit(domain, stores, { ...actorOf(caller, address), ...act, detail: settings });
    await tellPolicy(domain, stores, { ...found, by: caller.account.login, what: "configuration" });
    return await viewPolicy(stores, found);
  });
}

/** An admin of some groups sees what the organization says, and changes what those groups say. */
async function findPlace(stores: RecordStores, caller: ConsoleCaller, place: PolicyPlace): Promise<Found> {
  if ("machine" in place) {
    const { machine } = await getMachine(stores, caller, place.machine);
    const { id, organization, kind, name, userGroup, account } = machine;
    return { level: "machine", holder: id, organization, kind, name, userGroup, account };
  }
  if ("group" in place) {
    const { id, organization, name } = await getGroup(stores, caller, place.group);
    return { level: "group", holder: id, organization, kind: place.kind, name, userGroup: id };
  }
  const organization = ownOrganization(caller, "configure an organization's agents");
  const name = (await stores.organizations.find(organization))?.name ?? "";
  return { level: "organization", holder: organization, organization, kind: place.kind, name };
}

/** Throws `role/not-allowed` for an admin whom only some groups concern. */
function checkWholeOrganization({ scope }: ConsoleCaller): void {
  if (scope.groups !== undefined || scope.account !== undefined)
    throw new HoldfastError("role/not-allowed", { action: "configure all agents of the organization" });
}

async function viewPolicy(stores: RecordStores, found: Found): Promise<PolicyView> {
  const { level, holder, name, kind, organization, userGroup = "" } = found;
  const row = await stores.policies.find(holder, kind);
  const account = found.account === undefined ? undefined : await stores.accounts.find(found.account);
  const id = level === "machine" ? holder : undefined;
  return {
    level,
    holder,
    name,
    kind,
    settings: row === undefined ? {} : parseSettings(row.settings),
    inherited: await inheritedBy(stores, { id, organization, userGroup, kind, silent: holder }, account),
    version: row?.version ?? 0,
    changedAt: instantOrNull(row?.changedAt ?? null),
    changedBy: row?.changedBy ?? null,
  };
}
