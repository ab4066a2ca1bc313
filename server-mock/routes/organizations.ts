/** Organizations and their user groups. */
import { actorOf, getGroup, ownOrganization } from "../domain/access/access.ts";
import type { Domain } from "../domain/domain.ts";
import { changeGroup, createGroup, listGroups, removeGroup } from "../domain/people/change-group.ts";
import { changeOrganization } from "../domain/people/change-organization.ts";
import { viewGroupDetails, viewOrganization, viewOrganizationDetails } from "../domain/people/organization-views.ts";
import {
  createOrganization,
  getOrganization,
  listOrganizations,
  removeOrganization,
} from "../domain/people/organizations.ts";
import type { ServiceHandlers } from "./handlers.ts";

export const organizationsHandlers = (domain: Domain) =>
  ({
    listOrganizations: ({ query }) => listOrganizations(domain, query),
    createOrganization: async ({ caller, body, address }) => {
      const { organization } = await createOrganization(domain, body, actorOf(caller, address));
      return await viewOrganization(domain, domain.records, organization);
    },
    getOrganization: async ({ caller, params }) => {
      const row = await getOrganization(domain.records, caller, params.organization);
      return await viewOrganizationDetails(domain, domain.records, row);
    },
    changeOrganization: ({ caller, params, body, ifMatch, address }) =>
      changeOrganization(domain, caller, { ...params, ...body, ifMatch }, address),
    deleteOrganization: async ({ caller, params, address }) => {
      await removeOrganization(domain, caller, params.organization, address);
      return {};
    },
    ownOrganization: async ({ caller }) => {
      const row = await getOrganization(domain.records, caller, ownOrganization(caller, "have an organization"));
      return await viewOrganizationDetails(domain, domain.records, row);
    },
    changeOwnOrganization: ({ caller, body, ifMatch, address }) => {
      const organization = ownOrganization(caller, "have an organization");
      return changeOrganization(domain, caller, { ...body, organization, ifMatch }, address);
    },
    listGroups: ({ caller, query }) => listGroups(domain, caller, query),
    createGroup: ({ caller, body, address }) => {
      const organization = ownOrganization(caller, "create user groups");
      return createGroup(domain, caller, { ...body, organization }, address);
    },
    getGroup: async ({ caller, params }) =>
      await viewGroupDetails(domain.records, await getGroup(domain.records, caller, params.group)),
    changeGroup: ({ caller, params, body, ifMatch, address }) =>
      changeGroup(domain, caller, { ...params, ...body, ifMatch }, address),
    deleteGroup: async ({ caller, params, address }) => {
      await removeGroup(domain, caller, params.group, address);
      return {};
    },
  }) satisfies Partial<ServiceHandlers>;
