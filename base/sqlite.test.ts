import { statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tempFolder } from "../test/support/temp-folder.ts";
import { openSqlite } from "./sqlite.ts";

test("a database and its log are their owner's alone, whatever the folder allows", () => {
  const path = join(tempFolder(), "new.db");
  const db = openSqlite(path, { durability: "normal" });
  db.exec("CREATE TABLE t (a)");
  for (const suffix of ["", "-wal", "-shm"]) expect(statSync(path + suffix).mode & 0o777, suffix).toBe(0o600);
  db.close();
});
