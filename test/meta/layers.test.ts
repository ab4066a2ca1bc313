/** The code obeys the layers and owners of scripts/layers.ts. */
import { expect, test } from "vitest";
import {
  CONSOLE_MAY_CARRY,
  DOORS,
  LAYERS,
  layerOf,
  OWNED,
  type SourceFile,
  sourceFiles,
} from "../../scripts/layers.ts";

const files = sourceFiles();
const byPath = new Map(files.map((file) => [file.path, file]));

test("there is code to look at, and every file belongs to a layer", () => {
  expect(files.length).toBeGreaterThan(50);
  expect(files.filter((file) => layerOf(file.path) === undefined).map((file) => file.path)).toEqual([]);
});

test("imports point down only", () => {
  const wrong = files.flatMap((file) =>
    file.imports
      .filter((target) => !mayImport(file.path, target))
      .map((target) => `${file.path} (${layerOf(file.path)}) → ${target} (${layerOf(target)})`),
  );
  expect(wrong).toEqual([]);
});

test("a part with a door is entered through it", () => {
  const wrong = files.flatMap((file) =>
    file.imports
      .filter((target) =>
        DOORS.some(({ from, into, door }) => isIn(file.path, from) && isIn(target, into) && target !== door),
      )
      .map((target) => `${file.path} → ${target}`),
  );
  expect(wrong).toEqual([]);
});

test("the console carries nothing of the contract but types and a few small files", () => {
  const wrong = files
    .filter(({ path }) => isIn(path, "server-mock/console"))
    .flatMap(({ path, runtimeImports }) =>
      runtimeImports
        .filter((target) => !isIn(target, "server-mock/console") && !CONSOLE_MAY_CARRY.includes(target))
        .map((target) => `${path} → ${target}`),
    );
  expect(wrong).toEqual([]);
});

test.each(OWNED)("only its owner uses $what", ({ pattern, owners }) => {
  const wrong = files.filter((file) => pattern.test(file.text) && !owners.some((owner) => owner.test(file.path)));
  expect(wrong.map((file) => file.path)).toEqual([]);
});

test("no file imports itself, not even in a circle", () => {
  expect(circles()).toEqual([]);
});

test("the layers themselves have no circle", () => {
  const visit = (layer: string, above: readonly string[]): void => {
    expect(above).not.toContain(layer);
    for (const below of LAYERS[layer] ?? []) visit(below, [...above, layer]);
  };
  for (const layer of Object.keys(LAYERS)) visit(layer, []);
});

function mayImport(from: string, to: string): boolean {
  const [above, below] = [layerOf(from), layerOf(to)];
  if (above === undefined || below === undefined) return false;
  return above === below || (LAYERS[above] ?? []).includes(below);
}

const isIn = (path: string, layer: string): boolean => path.startsWith(`${layer}/`);

function circles(): string[] {
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (file: SourceFile, way: readonly string[]): void => {
    if (way.includes(file.path)) {
      found.push([...way.slice(way.indexOf(file.path)), file.path].join(" → "));
      return;
    }
    if (done.has(file.path)) return;
    for (const target of file.runtimeImports) {
      const next = byPath.get(target);
      if (next) visit(next, [...way, file.path]);
    }
    done.add(file.path);
  };
  for (const file of files) visit(file, []);
  return found;
}
