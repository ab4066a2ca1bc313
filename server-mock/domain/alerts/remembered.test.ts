import { expect, test } from "vitest";
import { steeredClock } from "../../../test/support/steered-clock.ts";
import { remembered } from "./remembered.ts";

const SECOND = 1000;

function started(tookMs = 0) {
  const clock = steeredClock();
  let made = 0;
  const ask = remembered(
    clock,
    (asked: string) => asked,
    async (asked) => {
      if (asked === "broken") throw new Error("no");
      clock.advance(tookMs);
      return `${asked} ${++made}`;
    },
  );
  return { clock, ask };
}

test("what was asked a moment ago is answered again, for each question by itself", async () => {
  const { clock, ask } = started();
  expect([await ask("a"), await ask("b"), await ask("a")]).toEqual(["a 1", "b 2", "a 1"]);
  clock.advance(4 * SECOND);
  expect(await ask("a")).toBe("a 1");
});

test("what is some seconds old is answered once more and made anew behind that; what is old is not shown", async () => {
  const { clock, ask } = started();
  await ask("a");
  clock.advance(5 * SECOND);
  expect([await ask("a"), await ask("a")]).toEqual(["a 1", "a 2"]);
  clock.advance(60 * SECOND);
  expect(await ask("a")).toBe("a 3");
});

test("what takes long is made anew less often", async () => {
  const { clock, ask } = started(SECOND);
  await ask("a");
  clock.advance(15 * SECOND);
  expect([await ask("a"), await ask("a")]).toEqual(["a 1", "a 1"]);
  clock.advance(5 * SECOND);
  expect([await ask("a"), await ask("a")]).toEqual(["a 1", "a 2"]);
});

test("a failure is told and forgotten", async () => {
  const { ask } = started();
  for (let time = 0; time < 2; time++) await expect(ask("broken")).rejects.toThrow("no");
});
