/** Routes for one's own account: second factor, log-ins, API tokens, activity; and acting as a user. */
import { actAs } from "../domain/access/act-as.ts";
import { changeOwnAccount, viewOwnAccount } from "../domain/access/own-account.ts";
import * as factor from "../domain/access/own-second-factor.ts";
import * as tokens from "../domain/access/own-tokens.ts";
import type { Domain } from "../domain/domain.ts";
import type { ServiceHandlers } from "./handlers.ts";

export const securityHandlers = (domain: Domain) =>
  ({
    getOwnAccount: async ({ caller }) => viewOwnAccount(domain, caller),
    changeOwnAccount: ({ caller, body, ifMatch, address }) =>
      changeOwnAccount(domain, caller, { ...body, ifMatch }, address),
    getSecondFactor: ({ caller }) => factor.viewSecondFactor(domain, caller),
    enrolSecondFactor: ({ caller }) => factor.enrolSecondFactor(domain, caller),
    confirmSecondFactor: async ({ caller, body, address }) => ({
      recoveryCodes: await factor.confirmSecondFactor(domain, caller, body.code, address),
    }),
    renewRecoveryCodes: async ({ caller, address }) => ({
      recoveryCodes: await factor.renewRecoveryCodes(domain, caller, address),
    }),
    removeSecondFactor: async ({ caller, address }) => {
      await factor.removeOwnSecondFactor(domain, caller, address);
      return {};
    },
    removeUserSecondFactor: async ({ caller, params, address }) => {
      await factor.removeUserSecondFactor(domain, caller, params.user, address);
      return {};
    },
    listLogIns: ({ caller, query }) => tokens.listLogIns(domain, caller, query),
    endLogIn: async ({ caller, params, address }) => {
      await tokens.endToken(domain, caller, { id: params.token, isNamed: false }, address);
      return {};
    },
    endOtherLogIns: async ({ caller, address }) => {
      await tokens.endOtherLogIns(domain, caller, address);
      return {};
    },
    listApiTokens: ({ caller, query }) => tokens.listApiTokens(domain, caller, query),
    createApiToken: ({ caller, body, address }) => tokens.createApiToken(domain, caller, body, address),
    revokeApiToken: async ({ caller, params, address }) => {
      await tokens.endToken(domain, caller, { id: params.token, isNamed: true }, address);
      return {};
    },
    listActivity: ({ caller, query }) => tokens.listActivity(domain, caller, query),
    actAs: ({ caller, params, address, browser }) =>
      actAs(domain, caller, params.user, { address, userAgent: browser.userAgent }),
  }) satisfies Partial<ServiceHandlers>;
