import fc from "fast-check";
import { expect, test } from "vitest";
import { collapse, folderOf, type Mark } from "./collapse.ts";
import type { Reach } from "./messages.ts";

const mark = (reach: Reach, generation = 1, since = 1): Mark => ({ reach, generation, since });

test.each([
  [
    "what fits stays",
    [
      ["/a/x", "itself"],
      ["/b", "entries"],
    ],
    9,
    [
      ["/a/x", "itself"],
      ["/b", "entries"],
    ],
  ],
  [
    "many of a folder become the folder",
    [
      ["/a/x", "itself"],
      ["/a/y", "itself"],
      ["/b/z", "itself"],
    ],
    2,
    [
      ["/a", "entries"],
      ["/b/z", "itself"],
    ],
  ],
  [
    "folders become all below their folder",
    [
      ["/a/x", "entries"],
      ["/a/y", "itself"],
      ["/b/z", "itself"],
    ],
    2,
    [
      ["/a", "deep"],
      ["/b/z", "itself"],
    ],
  ],
  [
    "what is below a folder that is looked through goes with it",
    [
      ["/a", "deep"],
      ["/a/b/c", "entries"],
    ],
    9,
    [["/a", "deep"]],
  ],
  [
    "a folder's entries don't cover what is deeper",
    [
      ["/a", "entries"],
      ["/a/b/c", "itself"],
    ],
    9,
    [
      ["/a", "entries"],
      ["/a/b/c", "itself"],
    ],
  ],
  [
    "far apart: everything",
    [
      ["/a/x", "itself"],
      ["/b/y", "itself"],
    ],
    1,
    [["/", "deep"]],
  ],
] as const)("%s", (_, places, most, expected) => {
  const result = collapse(new Map(places.map(([path, reach]) => [path, mark(reach)])), most);
  expect([...result].map(([path, { reach }]) => [path, reach]).sort()).toEqual([...expected].sort());
});

const anyPath = fc
  .array(fc.constantFrom("a", "b", "c", "d", "e"), { minLength: 1, maxLength: 5 })
  .map((names) => `/${names.join("/")}`);
const anyPlaces = fc.uniqueArray(
  fc.tuple(
    anyPath,
    fc.record({ reach: fc.constantFrom<Reach>("itself", "entries", "deep"), generation: fc.nat(5), since: fc.nat(99) }),
  ),
  { selector: ([path]) => path, maxLength: 60 },
);

test("whatever is collapsed, nothing is looked at less, forgotten earlier or said to be younger", () => {
  fc.assert(
    fc.property(anyPlaces, fc.integer({ min: 1, max: 20 }), (places, most) => {
      const result = collapse(new Map(places), most);
      expect(result.size).toBeLessThanOrEqual(Math.max(most, 1));
      for (const [path, { reach, generation, since }] of places) {
        const cover = [...result].find(
          ([at, by]) => generation <= by.generation && since >= by.since && covers(at, by.reach, path, reach),
        );
        expect(cover, `${reach} ${path}`).toBeDefined();
      }
    }),
  );
});

function covers(at: string, by: Reach, path: string, reach: Reach): boolean {
  if (by === "deep") return at === "/" || path === at || path.startsWith(`${at}/`);
  if (by === "entries") return (at === path && reach !== "deep") || (folderOf(path) === at && reach === "itself");
  return at === path && reach === "itself";
}
