/** Edits of an organization: what it is called, where its users log in, its settings, edition, state, room and licences. */
import { HoldfastError } from "../../../protocol/errors.ts";
import type {
  OrganizationChange,
  OrganizationDetails,
  OrganizationPool,
  OrganizationSettings,
  OrganizationSettingsChange,
} from "../../../protocol/messages/organizations.ts";
import type { RecordStores } from "../../records/records.ts";
import type { OrganizationRow } from "../../records/rows.ts";
import { actorOf, requireProven } from "../access/access.ts";
import type { ConsoleCaller } from "../access/callers.ts";
import type { Domain } from "../domain.ts";
import { audit } from "../records/audit.ts";
import { checkVersion } from "../versions.ts";
import { checkEdition } from "./editions.ts";
import { handedOn } from "./licences.ts";
import { checkLimit, countedPools } from "./limits.ts";
import { viewOrganizationDetails } from "./organization-views.ts";
import { checkOrganizationName, getOrganization } from "./organizations.ts";
import { organizationMinimum } from "./rooms.ts";
import { changedSettings, settingsOf } from "./settings.ts";
import { checkSubdomain } from "./subdomains.ts";
import { definedOnly } from "./users.ts";

/** Throws `role/not-allowed` for an admin of some groups only, `limit/out-of-range`, `subdomain/…`, `edition/too-small`, `edit/conflict`. */
export async function changeOrganization(
  domain: Domain,
  caller: ConsoleCaller,
  change: OrganizationChange & { organization: string; ifMatch: number | undefined },
  address: string,
): Promise<OrganizationDetails> {
  if (caller.scope.groups !== undefined)
    throw new HoldfastError("role/not-allowed", { action: "change the organization" });
  return await domain.records.transaction(async (stores) => {
    const row = await getOrganization(stores, caller, change.organization);
    checkVersion(row, change.ifMatch);
    const { name, edition, subdomain, state } = change;
    if (name !== undefined) await checkOrganizationName(stores, name, row.id);
    if (edition !== undefined && edition !== row.edition) await checkEdition(stores, row.id, edition);
    if (typeof subdomain === "string") await checkSubdomain(stores, subdomain, row.id);
    if (isDangerous(settingsOf(row), change.settings)) requireProven(domain, caller);
    const named = definedOnly({ name, edition, subdomain, state });
    const settings = changedSettings({ ...row, ...named }, change.settings ?? {});
    const changed: OrganizationRow = { ...row, ...named, settings, version: row.version + 1 };
    await stores.organizations.change(row.id, { ...named, settings, version: changed.version });
    for (const [index, pool] of (change.pools ?? []).entries())
      await changePool(stores, row.id, pool, `pools.${index}`);
    if (settingsOf(changed).separatePools !== settingsOf(row).separatePools) await checkPools(stores, changed);
    const act = { organization: row.id, action: "organizations/change", subject: changed.name };
    const detail = JSON.stringify({ ...named, settings: change.settings, pools: change.pools });
    await audit(domain, stores, { ...actorOf(caller, address), ...act, detail });
    return await viewOrganizationDetails(domain, stores, changed);
  });
}

/** Who must have a second factor; and shorter windows, which purge at once what was deleted before. */
const isDangerous = (
  before: OrganizationSettings,
  { secondFactor, undeleteMachineDays, undeleteUserDays }: OrganizationSettingsChange = {},
): boolean =>
  secondFactor !== undefined ||
  (undeleteMachineDays ?? Infinity) < before.undeleteMachineDays ||
  (undeleteUserDays ?? Infinity) < before.undeleteUserDays;

/** `place`: of the pool in the request. */
async function changePool(
  stores: RecordStores,
  organization: string,
  pool: OrganizationPool,
  place: string,
): Promise<void> {
  const { kind, limitBytes, overageBytes, devices } = pool;
  const before = await stores.pools.find(organization, kind);
  if (limitBytes !== undefined && limitBytes !== before?.limitBytes) {
    const minimum = organizationMinimum(await stores.tree.listRooms(organization, kind));
    checkLimit(limitBytes, { minimum, maximum: null }, "what is used or handed on", `${place}.limitBytes`);
  }
  if (devices !== undefined && kind === "all")
    throw new HoldfastError("request/malformed", {
      reason: "licences are Desktop or Server",
      field: `${place}.devices`,
    });
  if (typeof devices === "number" && kind !== "all") {
    const minimum = handedOn(await stores.tree.listLicences(organization, kind));
    checkLimit(devices, { minimum, maximum: null }, "licences that are handed on", `${place}.devices`);
  }
  const named = definedOnly({ limitBytes, overageBytes, devices });
  if (Object.keys(named).length > 0) await stores.pools.change(organization, kind, named);
}

/** Other counts of storage are limited now: what is handed on in them must fit. */
async function checkPools(stores: RecordStores, row: OrganizationRow): Promise<void> {
  for (const kind of countedPools(row)) {
    const limitBytes = (await stores.pools.find(row.id, kind))?.limitBytes ?? null;
    const minimum = organizationMinimum(await stores.tree.listRooms(row.id, kind));
    checkLimit(limitBytes, { minimum, maximum: null }, `the ${kind} storage`, "settings.separatePools");
  }
}
