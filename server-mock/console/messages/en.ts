/** English, by area. */
import { account } from "./en/account.ts";
import { accounts } from "./en/accounts.ts";
import { admin } from "./en/admin.ts";
import { charts } from "./en/charts.ts";
import { common } from "./en/common.ts";
import { groups } from "./en/groups.ts";
import { install } from "./en/install.ts";
import { machines } from "./en/machines.ts";
import { organization } from "./en/organization.ts";
import { alerts, events, overview, ownMachines } from "./en/overview.ts";
import { people } from "./en/people.ts";
import { policies } from "./en/policies.ts";
import { records } from "./en/records.ts";
import { reports } from "./en/reports.ts";
import { restore } from "./en/restore.ts";
import { service } from "./en/service.ts";
import { session } from "./en/session.ts";
import { shell } from "./en/shell.ts";
import { users } from "./en/users.ts";

export const en = {
  common,
  session,
  shell,
  charts,
  overview,
  ownMachines,
  alerts,
  events,
  users,
  accounts,
  groups,
  machines,
  restore,
  records,
  people,
  organization,
  policies,
  reports,
  admin,
  service,
  account,
  install,
};
