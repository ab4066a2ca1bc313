/** Receipts: the service's signed word that a snapshot is kept (format §8). */
import { ByteReader, ByteWriter } from "../base/bytes.ts";
import { verifySignature } from "../base/signing.ts";
import { malformed } from "./malformed.ts";

export interface Receipt {
  readonly vault: Buffer;
  readonly machine: Buffer;
  readonly sequence: number;
  readonly record: Buffer;
  /** Milliseconds since 1970, by the service's clock. */
  readonly receivedAt: number;
}

const BYTES = 149;

export function encodeReceipt(receipt: Receipt, sign: (message: Buffer) => Buffer): Buffer {
  const out = new ByteWriter(BYTES).bytes(Buffer.from("HFRC")).u8(1).bytes(receipt.vault).bytes(receipt.machine);
  out.u64(receipt.sequence).bytes(receipt.record).i64(receipt.receivedAt);
  return out.bytes(sign(message(out.view()))).take();
}

export function decodeReceipt(bytes: Uint8Array): Receipt {
  const fail = malformed("receipt");
  const reader = new ByteReader(bytes, fail);
  reader.magic("HFRC");
  if (reader.u8() !== 1) fail("its version is unknown");
  const copy = (length: number) => Buffer.from(reader.bytes(length));
  const receipt: Receipt = {
    vault: copy(16),
    machine: copy(16),
    sequence: reader.u64Number(),
    record: copy(32),
    receivedAt: reader.i64Number(),
  };
  reader.bytes(64);
  reader.end();
  return receipt;
}

export function isReceiptSigned(bytes: Uint8Array, receiptKey: Uint8Array): boolean {
  return (
    bytes.length === BYTES &&
    verifySignature(receiptKey, message(bytes.subarray(0, BYTES - 64)), bytes.subarray(BYTES - 64))
  );
}

const message = (signed: Uint8Array): Buffer => Buffer.concat([Buffer.from("holdfast/v1/receipt\0"), signed]);
