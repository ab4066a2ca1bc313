/** The account form. */

import type { Domain } from "../domain/domain.ts";
import {
  changeAccount,
  createAccount,
  getAccount,
  listAccounts,
  viewAccountDetails,
} from "../domain/people/account-form.ts";
import type { ServiceHandlers } from "./handlers.ts";

export const accountFormHandlers = (domain: Domain) =>
  ({
    listAccounts: ({ caller, query }) => listAccounts(domain, caller, query),
    createAccount: ({ caller, body, address }) => createAccount(domain, caller, body, address),
    getAccountForm: async ({ caller, params }) =>
      await viewAccountDetails(domain.records, await getAccount(domain.records, caller, params.account)),
    changeAccount: ({ caller, params, body, ifMatch, address }) =>
      changeAccount(domain, caller, { ...params, ...body, ifMatch }, address),
  }) satisfies Partial<ServiceHandlers>;
