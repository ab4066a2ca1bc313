/** Snapshot records: the signed chain of a machine's history (format §7). The sealed body is opened elsewhere. */
import { ByteReader, ByteWriter } from "../base/bytes.ts";
import { sha256 } from "../base/digest.ts";
import { verifySignature } from "../base/signing.ts";
import { malformed } from "./malformed.ts";
import { CHUNK_HEADER_BYTES, TAG_BYTES } from "./pack-format.ts";

const SIGNATURE_BYTES = 64;
const BODY_BYTES_MAX = 512 * 1024;

/** In the place of a record's hash: the head of an empty chain. */
export const NO_RECORD = "0".repeat(64);

export interface SnapshotRecord {
  readonly incomplete: boolean;
  /** 16 bytes. */
  readonly vault: Buffer;
  /** 16 bytes. */
  readonly machine: Buffer;
  /** From 1, in steps of 1. */
  readonly sequence: number;
  /** Record hash of the record before; zeros for the first. */
  readonly previous: Buffer;
  /** Page id. */
  readonly root: Buffer;
  readonly epoch: number;
  /** Milliseconds since 1970, by the machine's clock: shown, never trusted. */
  readonly claimedAt: number;
  /** The machine key: Ed25519 public. */
  readonly signer: Buffer;
  readonly signerProof: Buffer;
  /** Encapsulated key of the body's session. */
  readonly enc: Buffer;
  /** A sealed chunk of type body. */
  readonly body: Buffer;
}

/** `sign` makes the Ed25519 signature of the message it is given. */
export function encodeSnapshotRecord(record: SnapshotRecord, sign: (message: Buffer) => Buffer): Buffer {
  const out = new ByteWriter(512 + record.body.length)
    .bytes(Buffer.from("HFSN"))
    .u8(1)
    .u8(record.incomplete ? 1 : 0)
    .u16(0)
    .bytes(record.vault)
    .bytes(record.machine)
    .u64(record.sequence)
    .bytes(record.previous)
    .bytes(record.root)
    .u32(record.epoch)
    .i64(record.claimedAt)
    .bytes(record.signer)
    .bytes(record.signerProof)
    .bytes(record.enc)
    .u32(record.body.length)
    .bytes(record.body);
  return out.bytes(sign(message(out.view()))).take();
}

/** Throws `format/malformed`. Says nothing about the signature: see `isSignedBy`. */
export function decodeSnapshotRecord(bytes: Uint8Array): SnapshotRecord {
  const fail = malformed("snapshot record");
  const reader = new ByteReader(bytes, fail);
  reader.magic("HFSN");
  if (reader.u8() !== 1) fail("its version is unknown");
  const flags = reader.u8();
  if (flags > 1 || reader.u16() !== 0) fail("its flags are unknown");
  const copy = (length: number) => Buffer.from(reader.bytes(length));
  const record: SnapshotRecord = {
    incomplete: flags === 1,
    vault: copy(16),
    machine: copy(16),
    sequence: reader.u64Number(),
    previous: copy(32),
    root: copy(32),
    epoch: reader.u32(),
    claimedAt: reader.i64Number(),
    signer: copy(32),
    signerProof: copy(32),
    enc: copy(32),
    body: copy(bodyLength(reader)),
  };
  if (record.sequence < 1) fail("its sequence is 0");
  reader.bytes(SIGNATURE_BYTES);
  reader.end();
  return record;
}

/** Whether the machine key that the record names has signed it. Whether that key may is another question (signer proof). */
export function isSigned(bytes: Uint8Array, record: SnapshotRecord): boolean {
  const signed = bytes.subarray(0, bytes.length - SIGNATURE_BYTES);
  return verifySignature(record.signer, message(signed), bytes.subarray(bytes.length - SIGNATURE_BYTES));
}

/** The record hash: names the whole record. */
export const recordHash = (bytes: Uint8Array): Buffer => sha256(bytes);

function bodyLength(reader: ByteReader): number {
  const length = reader.u32();
  if (length < CHUNK_HEADER_BYTES + TAG_BYTES || length > BODY_BYTES_MAX)
    reader.fail("its body's length is not possible");
  return length;
}

const message = (signed: Uint8Array): Buffer => Buffer.concat([Buffer.from("holdfast/v1/snapshot\0"), sha256(signed)]);
