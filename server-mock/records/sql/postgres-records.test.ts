import { expect, onTestFinished, test } from "vitest";
import { postgresDatabase, tell } from "../../../test/support/postgres.ts";
import { postgresRecords } from "./postgres-records.ts";

const opened = async (url: string) => {
  const records = await postgresRecords({ url });
  onTestFinished(() => records.close());
  return records;
};

test("several processes that start at once on an empty database migrate it once", async () => {
  const url = await postgresDatabase();
  const all = await Promise.all([1, 2, 3].map(() => opened(url)));
  expect(await Promise.all(all.map((records) => records.organizations.count()))).toEqual([0, 0, 0]);
});

test("a database of a later version is refused", async () => {
  const url = await postgresDatabase();
  await opened(url);
  await tell(url, "UPDATE migrations SET seen = 9999");
  await expect(postgresRecords({ url })).rejects.toMatchObject({ code: "config/invalid" });
});
