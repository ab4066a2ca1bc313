/**
 * One bucket, in the few verbs that blobs need. The SDK is loaded here and only when there is a bucket. Its default checksums break uploads of
 * streams on many servers, so they are off and Content-MD5, which all of them check, is sent instead.
 */
import { createReadStream } from "node:fs";
import type { Readable } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import type { S3Client } from "@aws-sdk/client-s3";
import { md5Stream } from "../../base/digest.ts";
import type { ByteRange } from "./blobs.ts";
import { asBlobsError, isAbsent, isPassing, isTaken } from "./s3-errors.ts";
import type { S3Place } from "./s3-place.ts";

const ATTEMPTS = 4;
const FIRST_WAIT_MS = 100;
const SOCKETS = 64;
const CONNECT_MS = 10_000;
/** A server that died leaves watches behind: the next request to it may take half a minute. */
const IDLE_MS = 60_000;
const PIECE_BYTES = 256 * 1024;

/** What it has to say comes as errors, too. */
const say = () => undefined;
const SILENT = { trace: say, debug: say, info: say, warn: say, error: say };

export interface FileToPut {
  readonly path: string;
  readonly sizeBytes: number;
  readonly md5: Buffer;
}

export interface Bucket {
  /** False: refused, because `ifAbsent` and something of that name is there. */
  putFile(name: string, file: FileToPut, options: { ifAbsent: boolean }): Promise<boolean>;
  putBytes(name: string, bytes: Buffer, options: { ifAbsent: boolean }): Promise<boolean>;
  /** Throws `storage/failed` when it is absent. */
  open(name: string, range?: ByteRange): Promise<Readable>;
  size(name: string): Promise<number | undefined>;
  /** Page by page, until the server says that there is no more: pages may be short. */
  list(prefix: string): AsyncIterable<string>;
  remove(name: string): Promise<void>;
  /** Throws when the bucket is not there or not ours. */
  check(): Promise<void>;
  close(): void;
}

export async function openBucket(place: S3Place): Promise<Bucket> {
  const s3 = await import("@aws-sdk/client-s3");
  const client: S3Client = new s3.S3Client({
    ...(place.region === undefined ? {} : { region: place.region }),
    ...(place.endpoint === undefined ? {} : { endpoint: place.endpoint }),
    ...(place.credentials === undefined ? {} : { credentials: place.credentials }),
    forcePathStyle: place.pathStyle,
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    logger: SILENT,
    maxAttempts: 1, // Repeated here: a stream that was begun can't be sent again.
    requestHandler: {
      connectionTimeout: CONNECT_MS,
      socketTimeout: IDLE_MS,
      httpAgent: { keepAlive: true, maxSockets: SOCKETS },
      httpsAgent: { keepAlive: true, maxSockets: SOCKETS },
    },
  });
  const Bucket = place.bucket;
  const keyOf = (name: string) => (place.prefix === "" ? name : `${place.prefix}/${name}`);

  const put = async (name: string, body: () => Readable | Buffer, length: number, md5: Buffer, ifAbsent: boolean) => {
    const condition = ifAbsent ? { IfNoneMatch: "*" } : {};
    const facts = { Bucket, Key: keyOf(name), ContentLength: length, ContentMD5: md5.toString("base64") };
    try {
      await patiently(async () => {
        const Body = body();
        try {
          await client.send(new s3.PutObjectCommand({ ...facts, ...condition, Body }));
        } finally {
          if (!Buffer.isBuffer(Body)) Body.destroy();
        }
      });
      return true;
    } catch (error) {
      if (ifAbsent && isTaken(error)) return false;
      throw asBlobsError(error);
    }
  };

  return {
    putFile: (name, { path, sizeBytes, md5 }, { ifAbsent }) =>
      put(name, () => createReadStream(path, { highWaterMark: PIECE_BYTES }), sizeBytes, md5, ifAbsent),
    putBytes: (name, bytes, { ifAbsent }) => put(name, () => bytes, bytes.length, md5Of(bytes), ifAbsent),
    async open(name, range) {
      const Range = range === undefined ? {} : { Range: `bytes=${range.start}-${range.end - 1}` };
      const { Body } = await asking(() => client.send(new s3.GetObjectCommand({ Bucket, Key: keyOf(name), ...Range })));
      return Body as Readable; // What it is in Node.
    },
    async size(name) {
      try {
        const found = await patiently(() => client.send(new s3.HeadObjectCommand({ Bucket, Key: keyOf(name) })));
        return found.ContentLength ?? 0;
      } catch (error) {
        if (isAbsent(error)) return undefined;
        throw asBlobsError(error);
      }
    },
    async *list(prefix) {
      const asked = { Bucket, Prefix: keyOf(prefix) };
      for (let after: string | undefined; ; ) {
        const token = after === undefined ? {} : { ContinuationToken: after };
        const page = await asking(() => client.send(new s3.ListObjectsV2Command({ ...asked, ...token })));
        for (const { Key = "" } of page.Contents ?? []) yield Key.slice(keyOf("").length);
        after = page.NextContinuationToken;
        if (page.IsTruncated !== true || after === undefined) return;
      }
    },
    async remove(name) {
      await asking(() => client.send(new s3.DeleteObjectCommand({ Bucket, Key: keyOf(name) }))).catch((error) => {
        if (!isAbsent(error instanceof Error ? error.cause : error)) throw error;
      });
    },
    async check() {
      await asking(() => client.send(new s3.HeadBucketCommand({ Bucket })));
    },
    close: () => client.destroy(),
  };
}

async function asking<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await patiently(call);
  } catch (error) {
    throw asBlobsError(error);
  }
}

async function patiently<T>(call: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call();
    } catch (error) {
      if (attempt === ATTEMPTS || !isPassing(error)) throw error;
    }
    await wait(FIRST_WAIT_MS * 4 ** (attempt - 1));
  }
}

const md5Of = (bytes: Buffer): Buffer => md5Stream().update(bytes).digest();
