/**
 * Blobs in an S3 bucket. A blob is received into a local file, checked there, and sent as one object: it appears whole or not at all. Names hold
 * digests, so whoever writes one twice writes the same; where the server honours `If-None-Match: *` the first writer wins, elsewhere the
 * database's rows say who was first.
 */
import { mkdir, open, rm } from "node:fs/promises";
import { join } from "node:path";
import PQueue from "p-queue";
import type { Random } from "../../base/random.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import type { Blobs, ByteRange, NewBlob } from "./blobs.ts";
import { asStorageError } from "./disk-errors.ts";
import type { WritePiece } from "./pour.ts";
import { receiveChecked } from "./receive-checked.ts";
import { type Bucket, openBucket } from "./s3-bucket.ts";
import { asBlobsError, isPassing, statusOf } from "./s3-errors.ts";
import type { S3Place } from "./s3-place.ts";
import { UploadRoom } from "./upload-room.ts";

/** Objects on their way to the bucket at a time; others wait as files. */
const SENDING_MAX = 16;
const POUR_ATTEMPTS = 4;
const PROBE = "probe/conditions";

export interface S3BlobsOptions {
  readonly place: S3Place;
  /** Local folder for what is being received; made if absent. */
  readonly incoming: string;
  readonly random: Random;
  readonly uploadsMax?: number | undefined;
}

export interface S3Blobs extends Blobs {
  close(): void;
}

/** Throws `config/invalid` when there is no such bucket or it refuses us. */
export async function s3Blobs({ place, incoming, random, uploadsMax }: S3BlobsOptions): Promise<S3Blobs> {
  const bucket = await openBucket(place);
  await checkBucket(bucket, place);
  await mkdir(incoming, { recursive: true, mode: 0o700 });
  const uploads = new UploadRoom({ uploadsMax });
  const sending = new PQueue({ concurrency: SENDING_MAX });
  let honours: Promise<boolean> | undefined;
  const honoursConditions = () => {
    honours ??= refusesSecond(bucket).catch((error: unknown) => {
      honours = undefined;
      throw error;
    });
    return honours;
  };

  async function put(blob: NewBlob): Promise<{ known: boolean }> {
    checkName(blob.name);
    const path = join(incoming, `${random(12).toString("hex")}.part`);
    try {
      const file = await open(path, "wx+", 0o600);
      let md5: Buffer | undefined;
      try {
        ({ md5 } = await receiveChecked(file, blob, uploads, { withMd5: true }));
      } finally {
        await file.close();
      }
      if (md5 === undefined) throw new HoldfastError("bug/invariant", { reason: "a digest was not made" });
      const received = { path, sizeBytes: blob.sizeBytes, md5 };
      return await sending.add(() => send(blob.name, received));
    } catch (error) {
      throw asStorageError(asBlobsError(error));
    } finally {
      await rm(path, { force: true });
    }
  }

  async function send(name: string, file: { path: string; sizeBytes: number; md5: Buffer }) {
    if (await honoursConditions()) return { known: !(await bucket.putFile(name, file, { ifAbsent: true })) };
    if ((await bucket.size(name)) === file.sizeBytes) return { known: true };
    await bucket.putFile(name, file, { ifAbsent: false });
    return { known: false };
  }

  return {
    put: (blob) => uploads.hold(() => put(blob)),
    async get(name) {
      checkName(name);
      const pieces: Buffer[] = [];
      const { sizeBytes } = (await find(bucket, name)) ?? absent();
      await pourFrom(bucket, name, { start: 0, end: sizeBytes }, async (piece) => void pieces.push(Buffer.from(piece)));
      return Buffer.concat(pieces);
    },
    pour: (name, range, write) => pourFrom(bucket, name, range, write),
    find: (name) => find(bucket, name),
    list: (folder) => bucket.list(`${folder}/`),
    async remove(name) {
      checkName(name);
      await bucket.remove(name);
    },
    probe: () => bucket.putBytes(PROBE, Buffer.from("probe"), { ifAbsent: false }).then(() => undefined),
    close: () => bucket.close(),
  };
}

async function checkBucket(bucket: Bucket, { bucket: name }: S3Place): Promise<void> {
  try {
    await bucket.check();
  } catch (error) {
    bucket.close();
    const status = error instanceof Error ? statusOf(error.cause) : 0;
    const reason = status === 404 ? "there is no such bucket" : `access to it is refused (${status})`;
    if ([301, 400, 401, 403, 404].includes(status))
      throw new HoldfastError("config/invalid", { setting: `the bucket ${name}`, reason }, { cause: error });
    throw error;
  }
}

async function find(bucket: Bucket, name: string): Promise<{ sizeBytes: number } | undefined> {
  checkName(name);
  const sizeBytes = await bucket.size(name);
  return sizeBytes === undefined ? undefined : { sizeBytes };
}

/** A connection that breaks in the middle is taken up where it broke. */
async function pourFrom(bucket: Bucket, name: string, { start, end }: ByteRange, write: WritePiece): Promise<void> {
  checkName(name);
  let at = start;
  for (let attempt = 1; at < end; attempt++) {
    const body = await bucket.open(name, { start: at, end });
    let refusal: { readonly error: unknown } | undefined;
    try {
      for await (const piece of body) {
        const part: Buffer = piece.subarray(0, end - at);
        await write(part).catch((error: unknown) => {
          refusal = { error };
          throw error;
        });
        at += part.length;
      }
      if (at < end && attempt >= POUR_ATTEMPTS) throw shorter();
    } catch (error) {
      body.destroy();
      if (refusal !== undefined) throw refusal.error;
      if (!isPassing(error) || attempt >= POUR_ATTEMPTS) throw asBlobsError(error);
    }
  }
}

/** Many servers know `If-None-Match: *`, some ignore it in silence: only trying tells. */
async function refusesSecond(bucket: Bucket): Promise<boolean> {
  const bytes = Buffer.from("probe");
  await bucket.putBytes(PROBE, bytes, { ifAbsent: false });
  try {
    return !(await bucket.putBytes(PROBE, bytes, { ifAbsent: true }));
  } catch (error) {
    // "Not implemented": it says itself that it doesn't know the condition. Anything else is trouble.
    if (error instanceof Error && statusOf(error.cause) === 501) return false;
    throw error;
  }
}

/** Names come from ids, never from outside; this keeps a mistake inside the bucket's folder. */
function checkName(name: string): void {
  if (!/^[a-z0-9][a-z0-9/-]*$/.test(name))
    throw new HoldfastError("bug/invariant", { reason: "a blob's name is not safe" });
}

const absent = (): never => {
  throw new HoldfastError("storage/failed", { reason: "an object is not there" });
};

const shorter = (): HoldfastError =>
  new HoldfastError("storage/failed", { reason: "an object is shorter than it was" });
