import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { API_DOCS, apiDocs } from "../../scripts/api-docs.ts";
import { readOperations, withSettings } from "../../scripts/setting-docs.ts";

test("docs/api.md is what `npm run docs` makes", () => {
  expect(readFileSync(API_DOCS, "utf8")).toBe(apiDocs());
});

test("the table of settings in docs/operations.md is what `npm run docs` makes", () => {
  const page = readOperations();
  expect(page).toBe(withSettings(page));
});
