import { expect, test } from "vitest";
import { afterSending, EMPTY, type NewUsersForm, problemsOf, requestOf } from "./new-users.ts";

const form: NewUsersForm = {
  ...EMPTY,
  group: "g",
  rows: [
    { key: 1, name: "Ann", email: "ann@acme.example" },
    { key: 2, name: "", email: "" },
    { key: 3, name: " Bo ", email: "bo@acme.example" },
  ],
};

test("rows that nobody typed into are not sent, and a blank limit shares the group's storage", () => {
  expect(requestOf(form)).toMatchObject({
    group: "g",
    limitBytes: null,
    devices: 1,
    users: [
      { name: "Ann", email: "ann@acme.example" },
      { name: "Bo", email: "bo@acme.example" },
    ],
  });
});

test("each mistake is told at its own field, and at least one user is asked for", () => {
  const wrong = { ...form, limit: "1.5", devices: "0", group: "", rows: [{ key: 1, name: "", email: "no address" }] };
  expect(Object.keys(problemsOf(wrong, { needsGroup: true }))).toEqual([
    "group",
    "limit",
    "devices",
    "rows.0.name",
    "rows.0.email",
  ]);
  expect(Object.keys(problemsOf(EMPTY, { needsGroup: false }))).toEqual(["rows.0.name", "rows.0.email"]);
  expect(problemsOf(form, { needsGroup: true })).toEqual({});
});

test("after sending only the rows that failed are left, each with its reason at the field it is about", () => {
  const refused = { code: "account/exists", message: "taken", field: "email" };
  const rows = [
    { email: "ann@acme.example", user: null, error: refused },
    { email: "bo@acme.example", user: null, error: { ...refused, message: "too much", field: "limitBytes" } },
  ];
  const after = afterSending(form, { created: 0, failed: 2, rows });
  expect(after.rows.map(({ key }) => key)).toEqual([1, 3]);
  expect(after.errors).toEqual({ "rows.0.email": "taken", limit: "too much" });
});

test("when all were created one empty row is left", () => {
  const after = afterSending(form, { created: 2, failed: 0, rows: [] });
  expect(after).toEqual({ rows: [{ key: 4, name: "", email: "" }], errors: {} });
});
