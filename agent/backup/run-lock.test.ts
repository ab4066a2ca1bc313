import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { tempFolder } from "../../test/support/temp-folder.ts";
import { lockRun } from "./run-lock.ts";

test("one at a time; when the first is done the next may", () => {
  const folder = tempFolder();
  {
    using _lock = lockRun(folder);
    expect(() => lockRun(folder)).toThrow(
      expect.objectContaining({ code: "backup/running", data: { pid: String(process.pid) } }),
    );
  }
  expect(existsSync(join(folder, "backup.lock"))).toBe(false);
  using _next = lockRun(folder);
});

test("a process that was killed holds nothing, whatever its note says", () => {
  const folder = tempFolder();
  const module = fileURLToPath(new URL("./run-lock.ts", import.meta.url));
  const script = `import { lockRun } from ${JSON.stringify(module)}; lockRun(process.argv[1]); process.kill(process.pid, "SIGKILL");`;
  const { signal } = spawnSync(process.execPath, ["--input-type=module", "-e", script, folder]);
  expect(signal).toBe("SIGKILL");
  expect(existsSync(join(folder, "backup.lock"))).toBe(true);
  using _lock = lockRun(folder);
});

test("a lock file that is damaged is made anew", () => {
  const folder = tempFolder();
  writeFileSync(join(folder, "lock.db"), "x".repeat(5000));
  using _lock = lockRun(folder);
  expect(() => lockRun(folder)).toThrow(expect.objectContaining({ code: "backup/running" }));
});

test("a data folder that can't be written to is said to be that, and nothing stays locked", () => {
  const folder = tempFolder();
  mkdirSync(join(folder, "backup.lock"));
  expect(() => lockRun(folder)).toThrow(expect.objectContaining({ code: "data/unwritable" }));
  rmSync(join(folder, "backup.lock"), { recursive: true });
  using _lock = lockRun(folder);
});
