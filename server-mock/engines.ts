/**
 * Where rows, bytes and keys are kept when they have outgrown one folder: settings → what to open. Without any, SQLite and a folder.
 * A secret may stand in a file of its own: `NAME_FILE` names it.
 */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { HoldfastError } from "../protocol/errors.ts";
import type { S3Place } from "./blobs/s3-place.ts";

export interface Engines {
  /** `postgres://…`; undefined: `holdfast.db` in the data folder. */
  readonly databaseUrl?: string | undefined;
  /** undefined: `storage/` in the data folder. */
  readonly bucket?: S3Place | undefined;
  /** Folder of the service's keys; undefined: `keys/` in the data folder. */
  readonly keys?: string | undefined;
}

/** The text of a setting, by the name of its variable. */
export type Lookup = (name: string) => string | undefined;

const REGION = "us-east-1";

/** Throws `config/invalid`. */
export function readEngines(lookup: Lookup): Engines {
  const setting = orFile(lookup);
  const databaseUrl = setting("HOLDFAST_DATABASE_URL");
  const blobs = setting("HOLDFAST_BLOBS");
  const keys = setting("HOLDFAST_KEYS");
  return {
    databaseUrl: databaseUrl === undefined ? undefined : parseDatabaseUrl(databaseUrl),
    bucket: blobs === undefined ? undefined : parseBucket(blobs, setting),
    keys: keys === undefined ? undefined : resolve(keys),
  };
}

export function parseDatabaseUrl(text: string): string {
  const url = URL.parse(text);
  // Never the text itself: it carries a password.
  if (url === null || !["postgres:", "postgresql:"].includes(url.protocol))
    throw refused("HOLDFAST_DATABASE_URL", "it is not postgres://user:password@host:port/database");
  return text;
}

/** `s3://bucket` or `s3://bucket/prefix`; AWS's own variables are read where ours are absent. */
export function parseBucket(text: string, lookup: Lookup): S3Place {
  const setting = orFile(lookup);
  const [, bucket, prefix = ""] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,62})(?:\/([A-Za-z0-9/_.-]*))?$/.exec(text) ?? [];
  if (bucket === undefined) throw refused(`HOLDFAST_BLOBS=${text}`, "it is not s3://bucket or s3://bucket/prefix");
  const endpoint =
    setting("HOLDFAST_S3_ENDPOINT") ?? setting("AWS_ENDPOINT_URL_S3") ?? setting("AWS_ENDPOINT_URL") ?? undefined;
  if (endpoint !== undefined && !["http:", "https:"].includes(URL.parse(endpoint)?.protocol ?? ""))
    throw refused(`HOLDFAST_S3_ENDPOINT=${endpoint}`, "it is not an http or https address");
  const accessKey = setting("HOLDFAST_S3_ACCESS_KEY") ?? setting("AWS_ACCESS_KEY_ID");
  const secretKey = setting("HOLDFAST_S3_SECRET_KEY") ?? setting("AWS_SECRET_ACCESS_KEY");
  if (accessKey === undefined || secretKey === undefined)
    throw refused("HOLDFAST_S3_ACCESS_KEY and HOLDFAST_S3_SECRET_KEY", "a bucket needs both");
  const pathStyle = setting("HOLDFAST_S3_PATH_STYLE");
  return {
    bucket,
    prefix: prefix.replace(/^\/+|\/+$/g, ""),
    endpoint,
    region: setting("HOLDFAST_S3_REGION") ?? setting("AWS_REGION") ?? setting("AWS_DEFAULT_REGION") ?? REGION,
    accessKey,
    secretKey,
    sessionToken: setting("HOLDFAST_S3_SESSION_TOKEN") ?? setting("AWS_SESSION_TOKEN"),
    // Servers of one's own rarely have a name for each bucket; AWS has.
    pathStyle: pathStyle === undefined ? endpoint !== undefined : ["1", "true", "yes"].includes(pathStyle),
  };
}

/** Empty is absent: that is how a variable is taken back in many a place. */
function orFile(lookup: Lookup): Lookup {
  return (name) => {
    const text = lookup(name);
    if (text !== undefined && text !== "") return text;
    const path = lookup(`${name}_FILE`);
    if (path === undefined || path === "") return undefined;
    try {
      return readFileSync(path, "utf8").trim();
    } catch (error) {
      throw new HoldfastError(
        "config/invalid",
        { setting: `${name}_FILE=${path}`, reason: "it can't be read" },
        { cause: error },
      );
    }
  };
}

const refused = (setting: string, reason: string): HoldfastError =>
  new HoldfastError("config/invalid", { setting, reason });
