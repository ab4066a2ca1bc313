/**
 * The temporary folder of a test run, with one for each worker. The folders above a root are in its catalog: if tests that run at the same time
 * shared one, each would see the others' changes.
 */
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { offerPostgres } from "./postgres-server.ts";

let folder: string | undefined;
let postgres: { close(): void } | undefined;

export function setup({ config }: TestProject): void {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "holdfast-")));
  chmodSync(folder, 0o755); // Some tests work as another user.
  for (let worker = 1; worker <= config.maxWorkers; worker++) mkdirSync(join(folder, String(worker)));
  process.env.HOLDFAST_TEST_RUN = folder;
  postgres = offerPostgres(folder);
}

export function teardown(): void {
  postgres?.close();
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
}
