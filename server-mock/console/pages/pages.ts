/** Every page of the console, by area. The first that fits counts: `/users/new` stands before `/users/:id`. */
import { accountPages } from "./account/pages.ts";
import { accountsPages } from "./accounts/pages.ts";
import { adminPages } from "./admin/pages.ts";
import { groupPages } from "./groups/pages.ts";
import { machinePages } from "./machines/pages.ts";
import { overviewPages } from "./overview/pages.ts";
import type { PageRow } from "./page-row.ts";
import { peoplePages } from "./people/pages.ts";
import { policyPages } from "./policies/pages.ts";
import { recordPages } from "./records/pages.ts";
import { reportPages } from "./reports/pages.ts";
import { restorePages } from "./restore/pages.ts";
import { servicePages } from "./service/pages.ts";
import { userPages } from "./users/pages.ts";

export const PAGES: readonly PageRow[] = [
  ...overviewPages,
  ...userPages,
  ...accountsPages,
  ...machinePages,
  ...groupPages,
  ...restorePages,
  ...recordPages,
  ...policyPages,
  ...reportPages,
  ...adminPages,
  ...peoplePages,
  ...servicePages,
  ...accountPages,
];
