import { expect, test } from "vitest";
import { sha256 } from "./digest.ts";
import { IdSet } from "./id-set.ts";

test("a set of ids holds what was added and nothing else, also after it has grown", () => {
  const id = (number: number) => sha256(Buffer.from(`${number}`));
  const set = new IdSet();
  for (let number = 0; number < 10_000; number++) expect(set.add(id(number))).toBe(true);
  expect(set.size).toBe(10_000);
  for (let number = 0; number < 10_000; number++) expect(set.add(id(number))).toBe(false);
  for (let number = 10_000; number < 20_000; number++) expect(set.has(id(number))).toBe(false);
});

test("ids that begin alike are told apart", () => {
  const set = new IdSet();
  const ids = Array.from({ length: 300 }, (_, at) =>
    Buffer.concat([Buffer.alloc(30), Buffer.from([at >> 8, at & 255])]),
  );
  for (const id of ids) expect(set.add(id)).toBe(true);
  expect(ids.every((id) => set.has(id))).toBe(true);
});
