import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { recordsConformance } from "../../../test/conformance/records.ts";
import { tempFolder } from "../../../test/support/temp-folder.ts";
import { sqliteRecords } from "./sql-records.ts";

recordsConformance("SQLite", async () => {
  const records = sqliteRecords(join(tempFolder(), "test.db"));
  onTestFinished(() => records.close());
  return records;
});

test("a file that was closed opens again with its rows", async () => {
  const path = join(tempFolder(), "test.db");
  const first = sqliteRecords(path);
  await first.organizations.insert({ id: "o1", name: "Home", limitBytes: null, usedBytes: 0, createdAt: 1 });
  await first.close();
  const second = sqliteRecords(path);
  expect(await second.organizations.count()).toBe(1);
  await second.probe();
  await second.close();
});

test("two connections to one file see each other's rows", async () => {
  const path = join(tempFolder(), "test.db");
  const [one, two] = [sqliteRecords(path), sqliteRecords(path)];
  const row = (id: string) => ({ id, name: id, limitBytes: null, usedBytes: 0, createdAt: 1 });
  await one.organizations.insert(row("a"));
  await two.organizations.insert(row("b"));
  expect(await one.organizations.count()).toBe(2);
  await one.close();
  await two.close();
});
