/** The account form, apart from how it looks: what it holds, what is sent, what a page can know to be wrong. */
import type { AccountChange, AccountDetails } from "../../../../protocol/messages/account-form.ts";
import { text } from "../../messages/messages.ts";
import { toGigabytes, wholeGigabytes } from "../../parts/gigabytes.ts";

export const QUOTAS = ["workstations", "servers", "virtualMachines", "mobiles", "mailboxes"] as const;
export type QuotaName = (typeof QUOTAS)[number];

/** As typed; blank: none. */
interface QuotaTyped {
  readonly limit: string;
  readonly overage: string;
}

export interface AccountValues extends Record<string, unknown> {
  readonly login: string;
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly administrator: boolean;
  readonly agentAutoUpdate: boolean;
  readonly quotas: Readonly<Record<QuotaName, QuotaTyped>>;
  /** GB. */
  readonly limit: string;
  readonly overage: string;
  readonly locations: "local-and-cloud" | "cloud-only";
  readonly notifications: "off" | "less" | "more" | "all";
  readonly businessNotifications: boolean;
}

/** The API's names of fields → the form's. */
export const FIELDS = { limitBytes: "limit", overageBytes: "overage" } as const;

const NO_QUOTA: QuotaTyped = { limit: "", overage: "" };

export const EMPTY: AccountValues = {
  login: "",
  email: "",
  firstName: "",
  lastName: "",
  administrator: false,
  agentAutoUpdate: true,
  quotas: {
    workstations: NO_QUOTA,
    servers: NO_QUOTA,
    virtualMachines: NO_QUOTA,
    mobiles: NO_QUOTA,
    mailboxes: NO_QUOTA,
  },
  limit: "",
  overage: "",
  locations: "local-and-cloud",
  notifications: "less",
  businessNotifications: true,
};

export function valuesOf(account: AccountDetails): AccountValues {
  const typed = (name: QuotaName): QuotaTyped => {
    const { limit, overage } = account.quotas[name];
    return { limit: limit === null ? "" : String(limit), overage: overage === null ? "" : String(overage) };
  };
  const { login, email, administrator, agentAutoUpdate, locations, notifications, businessNotifications } = account;
  return {
    ...{ login, email, administrator, agentAutoUpdate, locations, notifications, businessNotifications },
    firstName: account.firstName ?? "",
    lastName: account.lastName ?? "",
    quotas: {
      workstations: typed("workstations"),
      servers: typed("servers"),
      virtualMachines: typed("virtualMachines"),
      mobiles: typed("mobiles"),
      mailboxes: typed("mailboxes"),
    },
    limit: String(toGigabytes(account.storage.limitBytes)),
    overage: String(toGigabytes(account.storage.overageBytes)),
  };
}

const words = text.accounts;
const WHOLE = /^\d{1,7}$/;
const isCount = (typed: string): boolean => typed.trim() === "" || WHOLE.test(typed.trim());

/** Field → what is wrong. */
export function problemsOf(values: AccountValues): Record<string, string> {
  const problems: Record<string, string> = {};
  if (values.login.trim() === "") problems.login = words.loginNeeded;
  if (values.email.trim() === "") problems.email = words.emailNeeded;
  for (const name of QUOTAS)
    for (const part of ["limit", "overage"] as const)
      if (!isCount(values.quotas[name][part])) problems[`quotas.${name}.${part}`] = words.wholeNumber;
  if (sizeOf(values.limit) === undefined || sizeOf(values.limit) === 0) problems.limit = words.wholeGb;
  if (sizeOf(values.overage) === undefined) problems.overage = words.wholeGb;
  return problems;
}

/** An overage of 0 is one: the quota itself is hard. null: blank; undefined: no whole number. */
function sizeOf(typed: string): number | null | undefined {
  if (typed.trim() === "") return null;
  return typed.trim() === "0" ? 0 : wholeGigabytes(typed);
}

const countOf = (typed: string): number | null => (typed.trim() === "" ? null : Number(typed));
const nameOf = (typed: string): string | null => (typed.trim() === "" ? null : typed.trim());

/** All fields, of values without problems. */
export function requestOf(values: AccountValues) {
  const { administrator, agentAutoUpdate, locations, notifications, businessNotifications } = values;
  const quota = (name: QuotaName) => ({
    limit: countOf(values.quotas[name].limit),
    overage: countOf(values.quotas[name].overage),
  });
  return {
    ...{ administrator, agentAutoUpdate, locations, notifications, businessNotifications },
    login: values.login.trim(),
    email: values.email.trim(),
    firstName: nameOf(values.firstName),
    lastName: nameOf(values.lastName),
    quotas: {
      workstations: quota("workstations"),
      servers: quota("servers"),
      virtualMachines: quota("virtualMachines"),
      mobiles: quota("mobiles"),
      mailboxes: quota("mailboxes"),
    },
    limitBytes: sizeOf(values.limit) ?? null,
    overageBytes: sizeOf(values.overage) ?? null,
  };
}

/** What of it was changed: a log-in or an address that stays needs no proof, and an unchanged limit no room. */
export function changeOf(before: AccountValues, after: AccountValues): AccountChange {
  const [old, next] = [requestOf(before), requestOf(after)];
  const was: Readonly<Record<string, unknown>> = old;
  const changed = Object.entries(next).filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(was[key]));
  return Object.fromEntries(changed); // Keys and values of `next`.
}
