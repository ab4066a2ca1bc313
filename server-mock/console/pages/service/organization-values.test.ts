import { expect, test } from "vitest";
import type { OrganizationView } from "../../../../protocol/messages/organizations.ts";
import { limitedKinds, organizationBody, organizationValues } from "./organization-values.ts";

const GB = 1_000_000_000;
const POOL = { mode: "shared", usedBytes: 0, availableBytes: null, devicesFree: null } as const;

const SHOWN: OrganizationView = {
  id: "o1",
  name: "Acme",
  edition: "pro",
  subdomain: null,
  logInUrl: null,
  state: "active",
  settings: {
    separatePools: false,
    usersLogIn: false,
    userGroups: true,
    sync: false,
    accountForm: true,
    secondFactor: "optional",
    undeleteMachineDays: 14,
    undeleteUserDays: 60,
    overdueDays: 3,
    timeZone: "UTC",
    installRegions: [],
    agentVersions: { minimum: null, pinned: null, autoUpdate: true },
  },
  limitBytes: 500 * GB,
  usedBytes: 0,
  pools: [
    { ...POOL, kind: "server", limitBytes: null, overageBytes: null, devices: 3 },
    { ...POOL, kind: "all", limitBytes: 500 * GB, overageBytes: 0, devices: null },
    { ...POOL, kind: "desktop", limitBytes: null, overageBytes: null, devices: null },
  ],
  version: 1,
  createdAt: "2026-11-22T10:00:00.000Z",
};

test("what was not touched is sent as it was, and settings only where they changed", () => {
  const values = organizationValues(SHOWN);
  expect(organizationBody(values, values)).toEqual({
    name: "Acme",
    edition: "pro",
    subdomain: null,
    settings: {},
    pools: [
      { kind: "all", limitBytes: 500 * GB, overageBytes: 0 },
      { kind: "desktop", devices: null },
      { kind: "server", devices: 3 },
    ],
  });
  const changed = { ...values, subdomain: " acme ", settings: { ...values.settings, sync: true } };
  expect(organizationBody(changed, values)).toMatchObject({ subdomain: "acme", settings: { sync: true } });
});

test("limits go to the kinds of storage that have some", () => {
  expect(limitedKinds({ separatePools: true })).toEqual(["desktop", "server"]);
  const values = organizationValues(SHOWN);
  const apart = { ...values, settings: { ...values.settings, separatePools: true } };
  expect(organizationBody(apart, values).pools?.map(({ kind, limitBytes }) => [kind, limitBytes])).toEqual([
    ["all", undefined],
    ["desktop", null],
    ["server", null],
  ]);
});
