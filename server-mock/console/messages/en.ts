/**
 * English, by area. A page loads the areas that it shows, and no others: this is a namespace, so a bundle can be cut between its members.
 */
export { account } from "./en/account.ts";
export { accounts } from "./en/accounts.ts";
export { admin } from "./en/admin.ts";
export { charts } from "./en/charts.ts";
export { common } from "./en/common.ts";
export { groups } from "./en/groups.ts";
export { install } from "./en/install.ts";
export { machines } from "./en/machines.ts";
export { organization } from "./en/organization.ts";
export { alerts, events, overview, ownMachines } from "./en/overview.ts";
export { people } from "./en/people.ts";
export { policies } from "./en/policies.ts";
export { records } from "./en/records.ts";
export { reports } from "./en/reports.ts";
export { restore } from "./en/restore.ts";
export { service } from "./en/service.ts";
export { session } from "./en/session.ts";
export { shell } from "./en/shell.ts";
export { users } from "./en/users.ts";
