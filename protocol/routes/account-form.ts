/** The account form: log-ins with quotas of their own, administrators or not. */
import { z } from "zod";
import * as accounts from "../messages/account-form.ts";
import { listOf, listQuery, rowId } from "../messages/fields.ts";
import type { Route } from "./route.ts";

const accountParams = z.strictObject({ account: rowId });

export const accountFormRoutes = {
  listAccounts: {
    method: "GET",
    path: "/v1/accounts",
    audience: ["console"],
    needs: "users.view",
    summary: "Accounts of an organization, with their quotas",
    query: listQuery.extend({ organization: rowId.optional() }),
    response: listOf(accounts.accountView),
  },
  createAccount: {
    method: "POST",
    path: "/v1/accounts",
    audience: ["console"],
    needs: "users.create",
    summary: "Add account: inactive until its activation mail is followed",
    etag: true,
    body: accounts.accountCreate,
    response: accounts.accountView,
  },
  getAccountForm: {
    method: "GET",
    path: "/v1/accounts/{account}",
    audience: ["console"],
    needs: "users.view",
    summary: "An account",
    etag: true,
    params: accountParams,
    response: accounts.accountDetails,
  },
  changeAccount: {
    method: "PATCH",
    path: "/v1/accounts/{account}",
    audience: ["console"],
    needs: "users.edit",
    summary: "Change an account: log-in, names, quotas, notifications, administrator or not",
    etag: true,
    params: accountParams,
    body: accounts.accountChange,
    response: accounts.accountDetails,
  },
} as const satisfies Record<string, Route>;
