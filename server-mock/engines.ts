/** Where rows, bytes and keys are kept: settings → what to open. Without any, SQLite and a folder. */
import { HoldfastError } from "../protocol/errors.ts";
import type { S3Place } from "./blobs/s3-place.ts";
import type { BucketUrl } from "./settings/bucket.ts";
import type { Settings } from "./settings/settings.ts";

export interface Engines {
  /** `postgres://…`; undefined: `holdfast.db` in the data folder. */
  readonly databaseUrl?: string | undefined;
  /** undefined: `storage/` in the data folder. */
  readonly bucket?: S3Place | undefined;
  /** Folder of the service's keys; undefined: `keys/` in the data folder. */
  readonly keys?: string | undefined;
}

type EngineSettings = Pick<
  Settings,
  "databaseUrl" | "blobs" | "s3Endpoint" | "s3Region" | "s3AccessKey" | "s3SecretKey" | "s3PathStyle" | "keys"
>;

/** Throws `config/invalid`. */
export const enginesOf = (settings: EngineSettings): Engines => ({
  databaseUrl: settings.databaseUrl,
  bucket: settings.blobs === undefined ? undefined : bucketOf(settings.blobs, settings),
  keys: settings.keys,
});

export function bucketOf({ bucket, prefix }: BucketUrl, settings: EngineSettings): S3Place {
  const { s3Endpoint: endpoint, s3AccessKey: accessKeyId, s3SecretKey: secretAccessKey } = settings;
  if ((accessKeyId === undefined) !== (secretAccessKey === undefined))
    throw new HoldfastError("config/invalid", {
      setting: "s3AccessKey and s3SecretKey",
      reason: "one needs the other",
    });
  return {
    bucket,
    prefix,
    endpoint,
    // Servers of one's own rarely care, but the signature needs one.
    region: settings.s3Region ?? (endpoint === undefined ? undefined : "us-east-1"),
    credentials: accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey } : undefined,
    // They rarely have a name for each bucket either; AWS has.
    pathStyle: settings.s3PathStyle ?? endpoint !== undefined,
  };
}
