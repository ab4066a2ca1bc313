/** Routes for roles, admins and top-level admins. */
import * as admins from "../domain/access/admins.ts";
import * as roles from "../domain/access/roles.ts";
import type { Domain } from "../domain/domain.ts";
import type { ServiceHandlers } from "./handlers.ts";

export const rolesHandlers = (domain: Domain) =>
  ({
    listRoles: ({ caller, query }) => roles.listRoles(domain, caller, query),
    createRole: ({ caller, body, address }) => roles.createRole(domain, caller, body, address),
    getRole: async ({ caller, params }) =>
      await roles.viewRole(domain.records, await roles.getRole(domain.records, caller, params.role)),
    changeRole: ({ caller, params, body, ifMatch, address }) =>
      roles.changeRole(domain, caller, { ...params, ...body, ifMatch }, address),
    deleteRole: async ({ caller, params, address }) => {
      await roles.deleteRole(domain, caller, params.role, address);
      return {};
    },
    listAdmins: ({ caller, query }) => admins.listAdmins(domain, caller, query),
    createAdmin: ({ caller, body, address }) => admins.createAdmin(domain, caller, body, address),
    getAdmin: async ({ caller, params }) => {
      const { records } = domain;
      return await admins.viewAdmin(
        records,
        await admins.getAdmin(records, caller, { id: params.admin, role: "admin" }),
      );
    },
    changeAdmin: ({ caller, params, body, ifMatch, address }) =>
      admins.changeAdmin(domain, caller, { id: params.admin, role: "admin", ifMatch, change: body }, address),
    deleteAdmin: async ({ caller, params, address }) => {
      await admins.deleteAdmin(domain, caller, { id: params.admin, role: "admin" }, address);
      return {};
    },
    removeAdminSecondFactor: async ({ caller, params, address }) => {
      await admins.removeAdminSecondFactor(domain, caller, params.admin, address);
      return {};
    },
    listOwners: ({ caller, query }) => admins.listOwners(domain, caller, query),
    createOwner: ({ caller, body, address }) => admins.createOwner(domain, caller, body, address),
    changeOwner: ({ caller, params, body, ifMatch, address }) =>
      admins.changeAdmin(domain, caller, { id: params.owner, role: "owner", ifMatch, change: body }, address),
    deleteOwner: async ({ caller, params, address }) => {
      await admins.deleteAdmin(domain, caller, { id: params.owner, role: "owner" }, address);
      return {};
    },
  }) satisfies Partial<ServiceHandlers>;
