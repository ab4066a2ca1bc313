/** Users. */
import { actorOf, getUser, ownOrganization } from "../domain/access/access.ts";
import type { Domain } from "../domain/domain.ts";
import { addNewUsers } from "../domain/people/add-new-users.ts";
import {
  allowReactivation,
  deleteUser,
  expireAccess,
  purgeUser,
  sendActivation,
  undeleteUser,
} from "../domain/people/user-acts.ts";
import { viewUser, viewUserDetails } from "../domain/people/user-views.ts";
import { changeUser, createUser } from "../domain/people/users.ts";
import type { ServiceHandlers } from "./handlers.ts";

export const usersHandlers = (domain: Domain) =>
  ({
    createUser: async ({ caller, body, address }) => {
      const organization = ownOrganization(caller, "create users");
      const user = await createUser(domain, organization, body, { ...actorOf(caller, address), caller });
      return await viewUser(domain.records, user);
    },
    createUsers: ({ caller, body, address }) => addNewUsers(domain, caller, body, address),
    getUser: async ({ caller, params }) =>
      await viewUserDetails(domain.records, await getUser(domain.records, caller, params.user)),
    changeUser: ({ caller, params, body, ifMatch, address }) =>
      changeUser(domain, caller, { ...params, ...body, ifMatch }, address),
    deleteUser: ({ caller, params, address }) => deleteUser(domain, { caller, ...params, address }),
    undeleteUser: ({ caller, params, address }) => undeleteUser(domain, { caller, ...params, address }),
    purgeUser: async ({ caller, params, body, address }) => {
      await purgeUser(domain, { caller, ...params, ...body, address });
      return {};
    },
    allowReactivation: ({ caller, params, body, address }) =>
      allowReactivation(domain, { caller, ...params, ...body, address }),
    expireMobileAccess: ({ caller, params, address }) => expireAccess(domain, { caller, ...params, address }),
    sendActivation: ({ caller, params, address }) => sendActivation(domain, { caller, ...params, address }),
  }) satisfies Partial<ServiceHandlers>;
