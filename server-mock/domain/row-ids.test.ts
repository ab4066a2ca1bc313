import { expect, test } from "vitest";
import { systemRandom } from "../../base/random.ts";
import { rowId } from "../../protocol/messages/fields.ts";
import { steeredClock } from "../../test/support/steered-clock.ts";
import { rowIds } from "./row-ids.ts";

test("ids sort in the order they were made, within a millisecond and over a clock that steps back", () => {
  const clock = steeredClock();
  const newId = rowIds(clock, systemRandom);
  const ids = Array.from({ length: 10_000 }, newId);
  clock.advance(-5000);
  ids.push(newId(), newId());
  clock.advance(60_000);
  ids.push(newId());
  expect(ids).toEqual(ids.toSorted());
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids.slice(-3)) expect(rowId.safeParse(id).success).toBe(true);
});
