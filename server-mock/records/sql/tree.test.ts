import { expect, test } from "vitest";
import { treeConformance } from "../../../test/conformance/tree-records.ts";
import { eachRecordsEngine } from "../../../test/support/each-engine.ts";
import { MIGRATIONS } from "./migrations/migrations.ts";
import { OF_ACCOUNT, OF_ORGANIZATION } from "./tree.ts";

eachRecordsEngine(treeConformance);

/** Tables with a column that refers to another table's rows. */
function referring(to: string, column: string): string[] {
  const tables = MIGRATIONS.join(";").matchAll(/CREATE TABLE (\w+) \(([\s\S]*?)\) STRICT/g);
  const pattern = new RegExp(`\\b${column} TEXT[^,]*REFERENCES ${to}\\b`);
  return Array.from(tables)
    .filter(([, , columns]) => pattern.test(columns ?? ""))
    .map(([, name]) => (name === "productKeysNow" ? "productKeys" : (name ?? "")));
}

test("what refers to an account or organization is removed with it, or is gone before", () => {
  const goneBefore = ["machines"];
  expect([...OF_ACCOUNT, ...goneBefore]).toEqual(expect.arrayContaining(referring("accounts", "account")));
  expect([...OF_ORGANIZATION, ...goneBefore]).toEqual(
    expect.arrayContaining(referring("organizations", "organization")),
  );
});
