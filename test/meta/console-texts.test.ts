/** The console's texts stand in `messages/`, so that a language can be added: none in components, and none that nobody shows. */
import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const folder = fileURLToPath(new URL("../../server-mock/console/", import.meta.url));
const read = (path: string) => readFileSync(folder + path, "utf8").replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
const sources = globSync("**/*.{ts,tsx}", { cwd: folder }).filter((path) => !/\.test\.ts$/.test(path));
const components = sources.filter((path) => !path.startsWith("messages/"));

/** Between tags, or as what a screen reader or a field says. */
const BARE = [
  /(?:"|\w|\}|\s)>\s*([A-Z][a-z]+[^<>{}=;()]*)<\//g,
  /\b(?:label|title|placeholder|description|aria-label|alt|hint|legend)="([^"]*[A-Za-z]{2}[^"]*)"/g,
  /"aria-label": "([^"]*[A-Za-z]{2}[^"]*)"/g,
];

const bareTexts = (source: string): string[] =>
  BARE.flatMap((sign) => [...source.matchAll(sign)].map(([, text = ""]) => text.trim()));

test("a text that stands in a component is found", () => {
  const wrong = `<Button>Save it</Button><TextInput label="Your name" aria-label={x} /><b>{name}</b>`;
  expect(bareTexts(wrong)).toEqual(["Save it", "Your name"]);
});

test("no text stands in a component", () => {
  const found = components.flatMap((path) => bareTexts(read(path)).map((text) => `${path}: ${text}`));
  expect(found).toEqual([]);
});

test("every file of messages is used, and every area of them is shown somewhere", () => {
  const files = sources.filter((path) => path.startsWith("messages/en/")).map((path) => path.replace(/^.*\//, ""));
  const messages = sources.filter((path) => path.startsWith("messages/")).map(read);
  const unused = files.filter((file) => !messages.some((source) => source.includes(`/${file}"`)));
  expect(unused).toEqual([]);
  const areas = [...read("messages/en.ts").matchAll(/export \{([^}]*)\}/g)].flatMap(
    ([, names = ""]) => names.match(/\w+/g) ?? [],
  );
  expect(areas.length).toBeGreaterThan(15);
  const all = components.map(read).join("\n");
  const silent = areas.filter(
    (area) => !new RegExp(`\\btext\\.${area}\\b|\\{[^}]*\\b${area}\\b[^}]*\\} = text\\b`).test(all),
  );
  expect(silent).toEqual([]);
});
