import { expect, test } from "vitest";
import { oneAtATime } from "./one-at-a-time.ts";

test("work under one key runs in order, one at a time, and failures don't stop it", async () => {
  const inTurn = oneAtATime();
  const seen: string[] = [];
  const work =
    (name: string, failing = false) =>
    async () => {
      seen.push(`${name} begins`);
      await Promise.resolve();
      seen.push(`${name} ends`);
      if (failing) throw new Error(name);
      return name;
    };
  const done = await Promise.allSettled([inTurn("k", work("1")), inTurn("k", work("2", true)), inTurn("k", work("3"))]);
  expect(done.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect(seen).toEqual(["1 begins", "1 ends", "2 begins", "2 ends", "3 begins", "3 ends"]);
});

test("different keys don't wait for each other", async () => {
  const inTurn = oneAtATime();
  let release = () => {};
  const held = inTurn(
    "a",
    () =>
      new Promise<void>((resolve) => {
        release = resolve;
      }),
  );
  expect(await inTurn("b", async () => "done")).toBe("done");
  release();
  await held;
});
