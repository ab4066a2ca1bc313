import { expect, test } from "vitest";
import { Underway } from "./underway.ts";

/** Work that ends when it is told to. */
function steered() {
  const running: { end: () => void; fail: (error: Error) => void }[] = [];
  const work = () => new Promise<void>((resolve, reject) => running.push({ end: resolve, fail: reject }));
  return { running, work };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test("no more than so many are under way, and a group is settled when its own are", async () => {
  using underway = new Underway(2);
  const { running, work } = steered();
  const [one, other] = [{ running: 0 }, { running: 0 }];
  await underway.begin(one, work);
  await underway.begin(other, work);
  let hasBegun = false;
  const third = underway.begin(other, work).then(() => {
    hasBegun = true;
  });
  await turn();
  expect([running.length, hasBegun]).toEqual([2, false]);
  running[0]?.end();
  await third;
  await underway.settled(one);
  expect([running.length, one.running, other.running]).toEqual([3, 0, 2]);
  for (const { end } of running) end();
  await underway.settled(other);
});

test("the first failure ends everybody's waiting, and so does the signal", async () => {
  const stop = new AbortController();
  for (const [end, wanted] of [
    [(running: ReturnType<typeof steered>["running"]) => running[0]?.fail(new Error("broken")), "broken"],
    [() => stop.abort(new Error("enough")), "enough"],
  ] as const) {
    using underway = new Underway(1, stop.signal);
    const { running, work } = steered();
    const group = { running: 0 };
    await underway.begin(group, work);
    const waiting = [underway.begin(group, work), underway.settled(group)].map((each) =>
      expect(each).rejects.toThrow(wanted),
    );
    end(running);
    await Promise.all(waiting);
    await expect(underway.begin(group, work)).rejects.toThrow(wanted);
    expect(running.length).toBe(1);
  }
});
