import fc from "fast-check";
import { expect, test } from "vitest";
import { PackBuffers } from "./pack-buffers.ts";

test("no two askers hold one buffer, no more are made than allowed, and who waits is served in turn", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4 }), fc.array(fc.nat({ max: 5 }), { maxLength: 60 }), (count, steps) => {
      const askers = [{}, {}, {}];
      const held: { asker: object; buffer: number }[] = [];
      const waiting: object[] = [];
      const served: object[] = [];
      const memories = new Set<SharedArrayBuffer>();
      const buffers = new PackBuffers<object>(count, 8, {
        give: (asker, buffer, memory) => {
          expect(held.map((each) => each.buffer)).not.toContain(buffer);
          held.push({ asker, buffer });
          served.push(asker);
          if (memory) memories.add(memory);
        },
      });
      const asked: object[] = [];
      for (const step of steps) {
        const asker = askers[step];
        if (asker) {
          asked.push(asker);
          if (held.length === count) waiting.push(asker);
          buffers.ask(asker);
        } else {
          const back = held.shift();
          if (back) buffers.takeBack(back.buffer);
          waiting.shift();
        }
      }
      expect(served).toEqual(asked.slice(0, served.length));
      expect(memories.size).toBeLessThanOrEqual(count);
      expect(asked.length - served.length).toBe(waiting.length);
    }),
  );
});

test("memory is shown to each asker once, and is the same for all", () => {
  const shown: (readonly [string, number, SharedArrayBuffer | undefined])[] = [];
  const [one, other] = [{ name: "one" }, { name: "other" }];
  const buffers = new PackBuffers<{ name: string }>(1, 8, {
    give: ({ name }, buffer, memory) => shown.push([name, buffer, memory]),
  });
  for (const asker of [one, one, other, one]) {
    buffers.ask(asker);
    buffers.takeBack(0);
  }
  const [first, second, third, fourth] = shown;
  expect(first?.[2]).toBeDefined();
  expect(second).toEqual(["one", 0, undefined]);
  expect(third?.[2]).toBe(first?.[2]);
  expect(fourth).toEqual(["one", 0, undefined]);
  expect(buffers.view(0, 3)).toHaveLength(3);
});
