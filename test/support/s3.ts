/** A place of a test's own in the run's bucket (`s3-run.ts`). */
import { randomBytes } from "node:crypto";
import type { S3Place } from "../../server-mock/blobs/s3-place.ts";

const BUCKET = "holdfast-tests";

export function s3Place(): S3Place {
  const { HOLDFAST_TEST_S3: server } = process.env;
  if (server === undefined) throw new Error("this runs in `npm run test:engines` only");
  const { origin, username, password } = new URL(server);
  return {
    bucket: BUCKET,
    prefix: `test-${randomBytes(8).toString("hex")}`,
    endpoint: origin,
    region: "us-east-1",
    credentials: { accessKeyId: username, secretAccessKey: password },
    pathStyle: true,
  };
}

export async function makeTestBucket(place: S3Place = s3Place()): Promise<void> {
  const { S3Client, CreateBucketCommand } = await import("@aws-sdk/client-s3");
  const { endpoint = "", region = "", credentials } = place;
  const client = new S3Client({ endpoint, region, forcePathStyle: true, ...(credentials ? { credentials } : {}) });
  try {
    await client.send(new CreateBucketCommand({ Bucket: BUCKET }));
  } catch (error) {
    // It is there already, and ours.
    if (!(error instanceof Error) || error.name !== "BucketAlreadyOwnedByYou") throw error;
  } finally {
    client.destroy();
  }
}
