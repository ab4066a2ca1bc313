import { expect, test } from "vitest";
import { foldersAbove } from "./folders-above.ts";

test.each([
  ["/", ["/"], ["/"]],
  ["/home", ["/", "/home"], ["/", "home"]],
  ["/home/ann/50%25", ["/", "/home", "/home/ann", "/home/ann/50%25"], ["/", "home", "ann", "50%"]],
])("%s and what is above it", (folder, paths, names) => {
  const found = foldersAbove(folder);
  expect(found.map(({ path }) => path)).toEqual(paths);
  expect(found.map(({ name }) => name)).toEqual(names);
});
