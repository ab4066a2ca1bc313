/** Activation, reset, and a new password of one's own. */
import { changeOwnPassword, choosePassword } from "../domain/access/chosen-passwords.ts";
import { wishReset } from "../domain/access/reset-requests.ts";
import type { Domain } from "../domain/domain.ts";
import { subdomainOf } from "../domain/people/subdomains.ts";
import type { ServiceHandlers } from "./handlers.ts";

export const passwordsHandlers = (domain: Domain) =>
  ({
    activate: ({ body, address }) => choosePassword(domain, { ...body, purpose: "activate" }, address),
    resetPassword: ({ body, address }) => choosePassword(domain, { ...body, purpose: "reset" }, address),
    requestPasswordReset: async ({ body, browser, address }) => {
      const organization = body.organization ?? subdomainOf(domain.outside, browser.host);
      await wishReset(domain, { login: body.login, organization }, address);
      return {};
    },
    changeOwnPassword: ({ caller, body, address }) => changeOwnPassword(domain, caller, body, address),
  }) satisfies Partial<ServiceHandlers>;
