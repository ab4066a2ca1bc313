import { join } from "node:path";
import { expect, test } from "vitest";
import { recordsConformance } from "../../../test/conformance/records.ts";
import { eachRecordsEngine } from "../../../test/support/each-engine.ts";
import { tempFolder } from "../../../test/support/temp-folder.ts";
import { sqliteRecords } from "./sql-records.ts";

eachRecordsEngine(recordsConformance);

const row = (id: string) => {
  const fields = {
    edition: "pro",
    subdomain: null,
    state: "active",
    settings: "{}",
    version: 1,
    createdAt: 1,
  } as const;
  return { id, name: id, ...fields };
};

test("a file that was closed opens again with its rows", async () => {
  const path = join(tempFolder(), "test.db");
  const first = sqliteRecords(path);
  await first.organizations.insert(row("o1"));
  await first.close();
  const second = sqliteRecords(path);
  expect(await second.organizations.count()).toBe(1);
  await second.probe();
  await second.close();
});

test("two connections to one file see each other's rows", async () => {
  const path = join(tempFolder(), "test.db");
  const [one, two] = [sqliteRecords(path), sqliteRecords(path)];
  await one.organizations.insert(row("a"));
  await two.organizations.insert(row("b"));
  expect(await one.organizations.count()).toBe(2);
  await one.close();
  await two.close();
});
