/** A bucket and where in it: `s3://bucket`, `s3://bucket/prefix`. */
import { kind } from "./kinds.ts";

export interface BucketUrl {
  readonly bucket: string;
  /** Without slashes at its ends; empty: none. */
  readonly prefix: string;
}

export const bucketUrl = kind("s3://bucket or s3://bucket/prefix", parseBucketUrl);

export function parseBucketUrl(text: string): BucketUrl | undefined {
  const [, bucket, prefix = ""] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,62})(?:\/([A-Za-z0-9/_.-]*))?$/.exec(text) ?? [];
  return bucket === undefined ? undefined : { bucket, prefix: prefix.replace(/^\/+|\/+$/g, "") };
}
