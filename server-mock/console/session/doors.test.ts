import { expect, test } from "vitest";
import { doorOf, insideOf, isLink } from "./doors.ts";

test.each([
  ["/", undefined, "/", undefined],
  ["/login", undefined, "/login", "log-in"],
  ["/machines/7", undefined, "/machines/7", undefined],
  ["/o/acme", "acme", "/", undefined],
  ["/o/acme/", "acme", "/", undefined],
  ["/o/acme/activate", "acme", "/activate", "activate"],
  ["/o/acme/account/notifications", "acme", "/account/notifications", undefined],
  ["/forgot-password", undefined, "/forgot-password", "forgot-password"],
  ["//evil.example/users", undefined, "/evil.example/users", undefined],
  ["/o/acme//evil.example", "acme", "/evil.example", undefined],
  ["/o/acme/\\evil.example", "acme", "/evil.example", undefined],
  ["/organization", undefined, "/organization", undefined],
])("%s", (path, organization, rest, page) => {
  expect(doorOf(path)).toEqual({ organization, rest, page });
});

test.each([
  ["/o/acme", "/"],
  ["/o/acme/account/notifications", "/account/notifications"],
  ["/login", "/"],
  ["/o/acme/forgot-password", "/"],
  ["/users", undefined],
  ["/o/acme/activate", undefined],
])("whoever is logged in and opens %s belongs to %s", (path, inside) => {
  expect(insideOf(path)).toBe(inside);
});

test("links of mails are good for whoever opens them", () => {
  expect(["/activate", "/o/acme/reset-password", "/users"].map((path) => isLink(doorOf(path)))).toEqual([
    true,
    true,
    false,
  ]);
});
