/** Organizations, each with its default group and its rooms. */
import type { z } from "zod";
import { HoldfastError } from "../../protocol/errors.ts";
import type { OrganizationView, organizationCreate } from "../../protocol/messages/organizations.ts";
import type { RecordStores } from "../records/records.ts";
import type { AccountRow, OrganizationRow } from "../records/rows.ts";
import { type AuditActor, audit } from "./audit.ts";
import type { Domain } from "./domain.ts";
import { addGroup, newPools } from "./groups.ts";
import { addAccount } from "./new-account.ts";
import { type ListQuery, type Page, pageOf } from "./pages.ts";
import { viewOrganization } from "./views.ts";

export async function createOrganization(
  domain: Domain,
  wanted: z.output<typeof organizationCreate>,
  by: AuditActor,
): Promise<{ organization: OrganizationRow; admin: AccountRow }> {
  // Outside the transaction: it takes long.
  const password = await domain.passwords.hash(wanted.admin.password);
  return await domain.records.transaction(async (stores) => {
    const { name, edition, subdomain, limitBytes } = wanted;
    if ((await stores.organizations.findByName(name)) !== undefined)
      throw new HoldfastError("organization/exists", { name });
    const organization: OrganizationRow = {
      id: domain.newId(),
      name,
      edition,
      subdomain,
      state: "active",
      settings: "{}",
      version: 1,
      createdAt: domain.clock.now(),
    };
    await stores.organizations.insert(organization);
    await stores.pools.insert(newPools(organization.id, organization.id, { limitBytes }));
    await addGroup(domain, stores, { organization: organization.id, name: "Default", isDefault: 1 });
    const { email, name: adminName } = wanted.admin;
    const admin = await addAccount(domain, stores, {
      organization: organization.id,
      role: "admin",
      email,
      name: adminName,
      password,
      createdFrom: by.address ?? null,
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

export const listOrganizations = ({ records }: Domain, query: ListQuery): Promise<Page<OrganizationView>> =>
  pageOf(
    query,
    (page) => records.organizations.list(page),
    (row) => viewOrganization(records, row),
  );

/** Throws `organization/missing`. */
export async function findOrganization(stores: RecordStores, id: string): Promise<OrganizationRow> {
  const found = await stores.organizations.find(id);
  if (found === undefined) throw new HoldfastError("organization/missing");
  return found;
}
