/** The S3 server is killed while it is written to: what was put is there when it is back, and nothing is half there. */
import { randomBytes } from "node:crypto";
import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { sha256 } from "../../base/digest.ts";
import { systemRandom } from "../../base/random.ts";
import { startCeph } from "../../scripts/engines/ceph.ts";
import { s3Blobs } from "../../server-mock/blobs/s3-blobs.ts";
import { blob } from "../conformance/blobs.ts";
import { makeTestBucket, s3Place } from "../support/s3.ts";
import { tempFolder } from "../support/temp-folder.ts";

const WRITERS = 4;

test("an S3 server that is killed and comes back has all that was put, whole", async () => {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-ceph-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  let server = await startCeph(folder, { isDurable: true });
  onTestFinished(() => server.kill());
  const { endpoint, accessKey, secretKey } = server;
  const credentials = { accessKeyId: accessKey, secretAccessKey: secretKey };
  const place = { ...s3Place(), endpoint, credentials };
  await makeTestBucket(place);
  const blobs = await s3Blobs({ place, incoming: tempFolder(), random: systemRandom });
  onTestFinished(() => blobs.close());

  const put = new Set<string>();
  const write = async (): Promise<unknown> => {
    for (;;) {
      const bytes = randomBytes(1000 + put.size * 10_000);
      const name = `packs/aa/${sha256(bytes).toString("hex")}`;
      try {
        await blobs.put(blob(name, bytes));
      } catch (error) {
        return error;
      }
      put.add(name);
    }
  };
  const writers = Array.from({ length: WRITERS }, write);
  await expect.poll(() => put.size, { timeout: 60_000 }).toBeGreaterThan(20);
  await server.kill();
  for (const failure of await Promise.all(writers)) expect(failure).toMatchObject({ code: "storage/failed" });

  server = await startCeph(folder, { isDurable: true });
  const found = new Set<string>();
  for await (const name of blobs.list("packs")) {
    expect(sha256(await blobs.get(name)).toString("hex")).toBe(name.slice(-64));
    found.add(name);
  }
  for (const name of put) expect(found.has(name)).toBe(true);
  expect(found.size).toBeLessThanOrEqual(put.size + WRITERS);
  await blobs.probe();
});
