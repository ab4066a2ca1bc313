import { expect, test } from "vitest";
import { ROUTES, type Route } from "../../protocol/routes.ts";
import { steeredClock } from "../../test/support/steered-clock.ts";
import { limitsOf, placeOf, RateLimits, type Rates } from "./rate-limits.ts";

const NONE: Rates = { address: null, login: null, agent: null, console: null, export: null };
const refusal = expect.objectContaining({ code: "request/too-many" });

test("so many at once, then as many as time gives back", () => {
  const clock = steeredClock();
  const limits = new RateLimits({ ...NONE, login: { count: 3, perMs: 60_000 } }, clock);
  expect([3, 2, 1].map(() => limits.take("login", "a")?.remaining)).toEqual([2, 1, 0]);
  expect(() => limits.take("login", "a")).toThrow(refusal);
  expect(() => limits.take("login", "a")).toThrow(expect.objectContaining({ data: { seconds: 20, limit: "login" } }));
  clock.advance(19_999);
  expect(() => limits.take("login", "a")).toThrow(refusal);
  clock.advance(1);
  expect(limits.take("login", "a")?.remaining).toBe(0);
  clock.advance(3_600_000);
  expect([3, 2, 1].map(() => limits.take("login", "a")?.remaining)).toEqual([2, 1, 0]);
});

test("one caller's calls take nothing from another's, and limits are apart", () => {
  const limits = new RateLimits(
    { ...NONE, login: { count: 1, perMs: 1000 }, agent: { count: 1, perMs: 1000 } },
    steeredClock(),
  );
  limits.take("login", "a");
  limits.take("login", "b");
  limits.take("agent", "a");
  expect(() => limits.take("login", "a")).toThrow(refusal);
});

test("without a rate there is no limit and nothing is remembered", () => {
  const limits = new RateLimits(NONE, steeredClock());
  for (let call = 0; call < 100; call++) expect(limits.take("agent", "a")).toBeUndefined();
  expect(limits.size).toBe(0);
});

test("memory is bounded however many addresses call", () => {
  const limits = new RateLimits({ ...NONE, address: { count: 2, perMs: 60_000 } }, steeredClock());
  for (let call = 0; call < 60_000; call++) limits.take("address", String(call));
  expect(limits.size).toBe(50_000);
});

test("tables as files have a limit of their own, and so has whatever is changed without a token", () => {
  const files = (Object.values(ROUTES) as Route[]).filter(({ media }) => media?.startsWith("text/csv"));
  expect(files.length).toBeGreaterThan(0);
  for (const route of files) expect(limitsOf(route, "console")).toEqual(["console", "export"]);
  expect(limitsOf(ROUTES.login, "none")).toEqual(["login"]);
  expect(limitsOf(ROUTES.register, "none")).toEqual(["login"]);
  expect(limitsOf(ROUTES.service, "none")).toEqual([]);
  expect(limitsOf(ROUTES.putPack, "agent")).toEqual(["agent"]);
});

test.each([
  ["192.0.2.1", "192.0.2.1"],
  ["::ffff:192.0.2.1", "192.0.2.1"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
  ["2001:db8::1", "2001:db8:0:0::/64"],
  ["::1", "0:0:0:0::/64"],
])("%s calls from %s", (address, place) => {
  expect(placeOf(address)).toBe(place);
});
