import fc from "fast-check";
import { expect, test } from "vitest";
import { Lru } from "./lru.ts";

test("a bounded memory never weighs more than its bound, except for one thing alone", () => {
  const puts = fc.array(fc.tuple(fc.constantFrom("a", "b", "c", "d", "e"), fc.integer({ min: 1, max: 12 })));
  fc.assert(
    fc.property(puts, (all) => {
      const lru = new Lru<number>(10);
      const weights = new Map<string, number>();
      for (const [key, weight] of all) {
        lru.put(key, weight, weight);
        weights.set(key, weight);
        const held = [...weights.keys()].filter((each) => lru.find(each) !== undefined);
        const sum = held.reduce((total, each) => total + (weights.get(each) ?? 0), 0);
        expect(sum <= 10 || held.length === 1).toBe(true);
        expect(lru.find(key)).toBe(weight);
      }
    }),
  );
});
