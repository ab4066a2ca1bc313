import { expect, test } from "vitest";
import { steeredClock } from "../../test/support/steered-clock.ts";
import { lockouts } from "./lockouts.ts";

function failed(times: number) {
  const clock = steeredClock();
  const locks = lockouts(clock);
  for (let count = 0; count < times; count++) locks.fail("a");
  return { clock, locks };
}

test("four failures lock nothing, the fifth locks for a minute and only its key", () => {
  expect(() => failed(4).locks.check("a")).not.toThrow();
  const { clock, locks } = failed(5);
  expect(() => locks.check("b", "a")).toThrow(expect.objectContaining({ code: "login/locked", data: { seconds: 60 } }));
  expect(() => locks.check("b")).not.toThrow();
  clock.advance(60_000);
  expect(() => locks.check("a")).not.toThrow();
});

test("a lock never lasts longer than 15 minutes", () => {
  expect(() => failed(500).locks.check("a")).toThrow(expect.objectContaining({ data: { seconds: 900 } }));
});

test("forgiven failures, and failures of long ago, count no more", () => {
  const { clock, locks } = failed(4);
  locks.forgive("a");
  locks.fail("a");
  expect(() => locks.check("a")).not.toThrow();
  for (let count = 0; count < 3; count++) locks.fail("a");
  clock.advance(3600_001);
  locks.fail("a");
  expect(() => locks.check("a")).not.toThrow();
});
