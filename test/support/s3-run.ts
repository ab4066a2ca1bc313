/**
 * The S3 server of a test run: a real one, started for the run, or the one that HOLDFAST_TEST_S3 names (`http://key:secret@host:port`).
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installCeph, type S3Server, startCeph } from "../../scripts/engines/ceph.ts";
import { makeTestBucket } from "./s3.ts";

let server: S3Server | undefined;
let folder: string | undefined;

export async function setup(): Promise<void> {
  if (process.env.HOLDFAST_TEST_S3 === undefined) {
    const reason = installCeph();
    if (reason !== undefined) throw new Error(`no S3 server to test with: ${reason}`);
    folder = mkdtempSync(join(tmpdir(), "holdfast-s3-"));
    server = await startCeph(folder);
    const url = new URL(server.endpoint);
    url.username = server.accessKey;
    url.password = server.secretKey;
    process.env.HOLDFAST_TEST_S3 = url.href;
  }
  await makeTestBucket();
}

export async function teardown(): Promise<void> {
  await server?.kill();
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
}
