import { join } from "node:path";
import { expect, test } from "vitest";
import { tempFolder } from "../../../test/support/temp-folder.ts";
import { sqliteRecords } from "./sql-records.ts";

test("a long loop of transactions lets others have their turn", async () => {
  const records = sqliteRecords(join(tempFolder(), "test.db"));
  let turns = 0;
  const count = () => {
    turns++;
    immediate = setImmediate(count);
  };
  let immediate = setImmediate(count);
  // Each keeps the process busy for longer than it may without looking around.
  for (let done = 0; done < 20; done++)
    await records.transaction(async () => {
      for (const until = performance.now() + 6; performance.now() < until; );
    });
  clearImmediate(immediate);
  expect(turns).toBeGreaterThan(10);
  await records.close();
});
