/** Prune notes: the service's signed word that snapshots were dropped by retention, and not lost (format §9.2). */
import { ByteReader, ByteWriter } from "../base/bytes.ts";
import { verifySignature } from "../base/signing.ts";
import { malformed } from "./malformed.ts";

export interface PruneNote {
  /** 16 bytes. */
  readonly vault: Buffer;
  /** Milliseconds since 1970, by the service's clock. */
  readonly writtenAt: number;
  readonly snapshots: readonly { readonly sequence: number; readonly record: Buffer }[];
}

const FIXED_BYTES = 4 + 1 + 16 + 8 + 4;
const SNAPSHOT_BYTES = 8 + 32;
const SIGNATURE_BYTES = 64;
/** Of one note. */
export const PRUNE_NOTE_SNAPSHOTS_MAX = 10_000;

export function encodePruneNote(note: PruneNote, sign: (message: Buffer) => Buffer): Buffer {
  const { vault, writtenAt, snapshots } = note;
  const out = new ByteWriter(FIXED_BYTES + snapshots.length * SNAPSHOT_BYTES + SIGNATURE_BYTES);
  out.bytes(Buffer.from("HFPN")).u8(1).bytes(vault).i64(writtenAt).u32(snapshots.length);
  for (const { sequence, record } of snapshots) out.u64(sequence).bytes(record);
  return out.bytes(sign(message(out.view()))).take();
}

/** Throws `format/malformed`. Says nothing about the signature. */
export function decodePruneNote(bytes: Uint8Array): PruneNote {
  const fail = malformed("prune note");
  const reader = new ByteReader(bytes, fail);
  reader.magic("HFPN");
  if (reader.u8() !== 1) fail("its version is unknown");
  const vault = Buffer.from(reader.bytes(16));
  const writtenAt = reader.i64Number();
  const count = reader.u32();
  if (count * SNAPSHOT_BYTES + SIGNATURE_BYTES !== reader.left) fail("its length does not fit its count");
  const snapshots = Array.from({ length: count }, () => ({
    sequence: reader.u64Number(),
    record: Buffer.from(reader.bytes(32)),
  }));
  reader.bytes(SIGNATURE_BYTES);
  reader.end();
  return { vault, writtenAt, snapshots };
}

export function isPruneNoteSigned(bytes: Uint8Array, receiptKey: Uint8Array): boolean {
  if (bytes.length < SIGNATURE_BYTES) return false;
  const signed = bytes.subarray(0, bytes.length - SIGNATURE_BYTES);
  return verifySignature(receiptKey, message(signed), bytes.subarray(bytes.length - SIGNATURE_BYTES));
}

const message = (signed: Uint8Array): Buffer => Buffer.concat([Buffer.from("holdfast/v1/pruned\0"), signed]);
