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

test("whatever is an account's or organization's own goes when it is purged, or is kept on purpose", () => {
  const kept = ["machines", "accounts", "pools", "userGroups"];
  expect([...OF_ACCOUNT, ...kept]).toEqual(expect.arrayContaining(referring("accounts", "account")));
  expect([...OF_ORGANIZATION, ...kept]).toEqual(expect.arrayContaining(referring("organizations", "organization")));
});
