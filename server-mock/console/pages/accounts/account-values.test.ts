import { expect, test } from "vitest";
import { changeOf, EMPTY, problemsOf, requestOf } from "./account-values.ts";

const filled = { ...EMPTY, login: " jo ", email: "jo@acme.example" };

test("blank quotas are no limit, an overage of 0 is a hard quota", () => {
  const quotas = { ...EMPTY.quotas, servers: { limit: "2", overage: "0" } };
  const request = requestOf({ ...filled, quotas, limit: "50", overage: "0" });
  expect(request).toMatchObject({
    login: "jo",
    firstName: null,
    quotas: { servers: { limit: 2, overage: 0 }, mobiles: { limit: null, overage: null } },
    limitBytes: 50_000_000_000,
    overageBytes: 0,
  });
});

test("each mistake is told at its own field", () => {
  const quotas = { ...EMPTY.quotas, mobiles: { limit: "-1", overage: "x" } };
  expect(Object.keys(problemsOf({ ...EMPTY, quotas, limit: "0", overage: "1.5" }))).toEqual([
    "login",
    "email",
    "quotas.mobiles.limit",
    "quotas.mobiles.overage",
    "limit",
    "overage",
  ]);
  expect(problemsOf(filled)).toEqual({});
});

test("only what was changed is sent", () => {
  expect(changeOf(filled, { ...filled, notifications: "all", limit: "5" })).toEqual({
    notifications: "all",
    limitBytes: 5_000_000_000,
  });
});
