import { expect, test } from "vitest";
import { ORGANIZATION_CAPABILITIES } from "../../../protocol/capabilities.ts";
import * as en from "../messages/en.ts";
import { capabilityRows, isOfOrganization, toggled } from "./capability-rows.ts";

test("every capability of an organization stands in the table, with a name for its area", () => {
  const rows = capabilityRows(ORGANIZATION_CAPABILITIES);
  expect(rows.flatMap(({ verbs }) => Object.values(verbs)).sort()).toEqual([...ORGANIZATION_CAPABILITIES].sort());
  expect(rows.map(({ area }) => area)).toEqual(Object.keys(en.people.roles.areas));
  expect(ORGANIZATION_CAPABILITIES.every(isOfOrganization)).toBe(true);
  expect(isOfOrganization("service.view")).toBe(false);
});

test("whoever may change something sees it, and who doesn't see it changes nothing", () => {
  const [users, groups] = capabilityRows(["users.view", "users.edit", "users.delete", "groups.view", "groups.edit"]);
  if (users === undefined || groups === undefined) throw new Error("two areas");
  const edit = toggled(users, "edit", true, ["groups.view"]);
  expect(edit).toEqual(["groups.view", "users.view", "users.edit"]);
  const both = toggled(users, "delete", true, edit);
  expect(toggled(users, "edit", false, both)).toEqual(["groups.view", "users.view", "users.delete"]);
  expect(toggled(users, "view", false, both)).toEqual(["groups.view"]);
  expect(toggled(groups, "create", true, both)).toBe(both);
});
