import { expect, test } from "vitest";
import { ahead } from "./ahead.ts";

/** Promises that the test resolves by hand. */
function gates(count: number) {
  const all = Array.from({ length: count }, () => Promise.withResolvers<number>());
  return { at: (index: number) => all[index] ?? Promise.withResolvers<number>(), all };
}

test("results come in order, however the work ends", async () => {
  const { at, all } = gates(4);
  const results = Array.fromAsync(ahead([0, 1, 2, 3], 4, (each) => at(each).promise));
  for (const [index, gate] of [...all.entries()].reverse()) gate.resolve(index);
  expect(await results).toEqual([0, 1, 2, 3]);
});

test("no more than allowed is under way or waiting to be taken", async () => {
  let underWay = 0;
  let most = 0;
  const work = async (each: number) => {
    most = Math.max(most, ++underWay);
    await Promise.resolve();
    return each;
  };
  for await (const _ of ahead(
    Array.from({ length: 50 }, (_, at) => at),
    3,
    work,
  ))
    underWay--;
  expect(most).toBe(3);
});

test("a finished result is given while the source still waits for more", async () => {
  const more = Promise.withResolvers<void>();
  async function* source() {
    yield 1;
    await more.promise;
    yield 2;
  }
  const results = ahead(source(), 5, async (each) => each);
  expect(await results.next()).toEqual({ done: false, value: 1 });
  more.resolve();
  expect(await results.next()).toEqual({ done: false, value: 2 });
  expect((await results.next()).done).toBe(true);
});

test("a failure of the work or of the source is thrown, and the source is ended", async () => {
  let isEnded = false;
  async function* source() {
    try {
      yield* [1, 2, 3];
    } finally {
      isEnded = true;
    }
  }
  const failing = async (each: number) => {
    if (each === 2) throw new Error("work");
    return each;
  };
  await expect(Array.fromAsync(ahead(source(), 2, failing))).rejects.toThrow("work");
  expect(isEnded).toBe(true);
  async function* broken() {
    yield 1;
    throw new Error("source");
  }
  await expect(Array.fromAsync(ahead(broken(), 2, async (each) => each))).rejects.toThrow("source");
});
