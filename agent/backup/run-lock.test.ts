import { spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tempFolder } from "../../test/support/temp-folder.ts";
import { lockRun } from "./run-lock.ts";

const newPath = (): string => join(tempFolder(), "backup.lock");
const running = expect.objectContaining({ code: "backup/running" });

test("one at a time; when the first is done the next may", () => {
  const path = newPath();
  {
    using _lock = lockRun(path);
    expect(() => lockRun(path)).toThrow(running);
  }
  expect(existsSync(path)).toBe(false);
  using _next = lockRun(path);
});

test("the lock of a process that is gone is taken over", () => {
  const path = newPath();
  const { pid } = spawnSync(process.execPath, ["-e", ""]);
  writeFileSync(path, `${pid}\n`);
  using _lock = lockRun(path);
});

test("the lock of a process that runs is respected", () => {
  const path = newPath();
  writeFileSync(path, `${process.ppid}\n`);
  expect(() => lockRun(path)).toThrow(running);
  expect(existsSync(path)).toBe(true);
});

test("a lock file that names nobody is taken over", () => {
  for (const content of ["", "nonsense", "-1", "0"]) {
    const path = newPath();
    writeFileSync(path, content);
    using _lock = lockRun(path);
  }
});
