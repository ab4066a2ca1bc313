/** Organizations, each with its default group, its rooms and its first admin. */
import type { z } from "zod";
import { HoldfastError } from "../../../protocol/errors.ts";
import type { OrganizationView, organizationCreate } from "../../../protocol/messages/organizations.ts";
import type { RecordStores } from "../../records/records.ts";
import type { AccountRow, OrganizationRow } from "../../records/rows.ts";
import { actorOf } from "../access/access.ts";
import type { ConsoleCaller } from "../access/callers.ts";
import type { Domain } from "../domain.ts";
import { type ListQuery, type Page, pageOf } from "../pages.ts";
import { type AuditActor, audit } from "../records/audit.ts";
import { HOME_MACHINES_MAX } from "./editions.ts";
import { addGroup, newPools } from "./groups.ts";
import { addAccount } from "./new-account.ts";
import { viewOrganization } from "./organization-views.ts";
import { changedSettings } from "./settings.ts";
import { checkSubdomain } from "./subdomains.ts";

export type NewOrganization = z.output<typeof organizationCreate>;

/** Throws `organization/exists`, `account/exists`, `subdomain/…`. */
export async function createOrganization(
  domain: Domain,
  wanted: NewOrganization,
  by: AuditActor,
): Promise<{ organization: OrganizationRow; admin: AccountRow }> {
  // Outside the transaction: it takes long.
  const password = await domain.passwords.hash(wanted.admin.password);
  return await domain.records.transaction(async (stores) => {
    const { name, edition, subdomain, limitBytes, overageBytes } = wanted;
    await checkOrganizationName(stores, name);
    if (subdomain !== null) await checkSubdomain(stores, subdomain);
    const organization: OrganizationRow = {
      id: domain.newId(),
      name,
      edition,
      subdomain,
      state: "active",
      settings: changedSettings({ settings: "{}", subdomain }, wanted.settings),
      version: 1,
      createdAt: domain.clock.now(),
    };
    await stores.organizations.insert(organization);
    await stores.pools.insert(newPools(organization.id, organization.id, { limitBytes, overageBytes }));
    const group = await addGroup(domain, stores, { organization: organization.id, name: "Default", isDefault: 1 });
    const { email, name: adminName } = wanted.admin;
    const admin = await addAccount(domain, stores, {
      organization: organization.id,
      role: "admin",
      email,
      name: adminName,
      password,
      createdFrom: by.address ?? null,
      // One log-in for everything: the machines are its own.
      ...(edition === "home" ? { userGroup: group.id, ...HOME_DEVICES } : {}),
    });
    await audit(domain, stores, {
      ...by,
      organization: organization.id,
      action: "organizations/create",
      subject: name,
    });
    return { organization, admin };
  });
}

export const HOME_DEVICES = { desktopDevices: HOME_MACHINES_MAX, serverDevices: HOME_MACHINES_MAX } as const;

/** Throws `organization/exists`. */
export async function checkOrganizationName(stores: RecordStores, name: string, own?: string): Promise<void> {
  const holder = await stores.organizations.findByName(name);
  if (holder !== undefined && holder.id !== own) throw new HoldfastError("organization/exists", { name });
}

export const listOrganizations = (domain: Domain, query: ListQuery): Promise<Page<OrganizationView>> =>
  pageOf(
    query,
    (page) => domain.records.organizations.list(page),
    (row) => viewOrganization(domain, domain.records, row),
  );

/** Throws `organization/missing`. */
export async function findOrganization(stores: RecordStores, id: string): Promise<OrganizationRow> {
  const found = await stores.organizations.find(id);
  if (found === undefined || found.state === "deleted") throw new HoldfastError("organization/missing");
  return found;
}

/** One that the caller may see: a top-level admin any, others their own. Throws `organization/missing`. */
export async function getOrganization(
  stores: RecordStores,
  caller: ConsoleCaller,
  id: string,
): Promise<OrganizationRow> {
  const { organization } = caller.scope;
  if (organization !== undefined && organization !== id) throw new HoldfastError("organization/missing");
  return await findOrganization(stores, id);
}

/** Only when nothing is left in it. Throws `organization/not-empty`. */
export async function removeOrganization(
  domain: Domain,
  caller: ConsoleCaller,
  id: string,
  address: string,
): Promise<void> {
  await domain.records.transaction(async (stores) => {
    const row = await getOrganization(stores, caller, id);
    const [users, machines] = await stores.tree.countContents(id);
    if (users > 0 || machines > 0)
      throw new HoldfastError("organization/not-empty", { name: row.name, users, machines });
    await stores.tree.purgeOrganization(id, domain.clock.now());
    await stores.usage.removeOf(id);
    await audit(domain, stores, {
      ...actorOf(caller, address),
      organization: null,
      action: "organizations/delete",
      subject: row.name,
    });
  });
}
