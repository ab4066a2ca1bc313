/** Vectors for snapshot records and receipts (format §7 and §8). */
import { signerProof } from "../../agent/keys/vault-keys.ts";
import { sha256 } from "../../base/digest.ts";
import { signingKey } from "../../base/signing.ts";
import { decodeReceipt, encodeReceipt, isReceiptSigned, type Receipt } from "../../protocol/receipt.ts";
import {
  decodeSnapshotRecord,
  encodeSnapshotRecord,
  isSigned,
  recordHash,
  type SnapshotRecord,
} from "../../protocol/snapshot-record.ts";
import { EPOCH, hex, KEYS, MACHINE, refusal, session, someId, spoiled, VAULT } from "./fixed.ts";
import { sealByHand } from "./sealed.ts";

const MACHINE_SEED = sha256(Buffer.from("machine key"));
const RECEIPT_SEED = sha256(Buffer.from("receipt key"));
const BODY_LENGTH_AT = 8 + 16 + 16 + 8 + 32 + 32 + 4 + 8 + 32 + 32 + 32;

export async function records() {
  const signer = signingKey(MACHINE_SEED);
  const { enc, key } = await session("body");
  const said = {
    host: "lovelace",
    agent: "0.1.0",
    set: "default",
    type: "Manual",
    roots: [Buffer.from("home").toString("base64")],
    files: 1,
    folders: 2,
    bytes: 30,
    problems: 0,
  };
  const plain = Buffer.from(JSON.stringify({ ...said, later: "ignored" }));
  const body = sealByHand({ type: 5, plain, session: { enc, key } });
  const first: SnapshotRecord = {
    incomplete: false,
    vault: VAULT,
    machine: MACHINE,
    sequence: 1,
    previous: Buffer.alloc(32),
    root: someId("root"),
    epoch: EPOCH,
    claimedAt: 1_700_000_000_123,
    signer: signer.publicKey,
    signerProof: signerProof(KEYS, signer.publicKey),
    enc,
    body,
  };
  const encode = (record: SnapshotRecord) => encodeSnapshotRecord(record, (message) => signer.sign(message));
  const bytes = encode(first);
  const second: SnapshotRecord = {
    ...first,
    incomplete: true,
    sequence: 2,
    previous: recordHash(bytes),
    claimedAt: -1,
  };
  const copyId = Buffer.from(Array.from({ length: 32 }, (_, index) => 0xc0 + index));
  const good = [
    ["the first", first],
    ["the second, incomplete, from before 1970", second],
    ["the first of a local copy", { ...first, previous: copyId }],
  ] as const;
  return {
    signerSeed: hex(MACHINE_SEED),
    bodyKey: hex(key),
    body: said,
    good: good.map(([name, record]) => ({
      name,
      bytes: hex(encode(record)),
      hash: hex(recordHash(encode(record))),
      ...asJson(record),
    })),
    bad: badRecords(bytes).map(({ name, bytes }) => ({
      name,
      bytes: hex(bytes),
      ...refusal(name, () => decodeSnapshotRecord(bytes)),
    })),
    unsigned: unsigned(bytes, [12, 30, 45, 60, 90, 118, 150, 180, 219, 300, bytes.length - 1], (bytes) =>
      isSigned(bytes, decodeSnapshotRecord(bytes)),
    ),
  };
}

const asJson = <Record extends object>(record: Record) =>
  Object.fromEntries(
    Object.entries(record).map(([name, value]) => [name, Buffer.isBuffer(value) ? hex(value) : value]),
  );

/** The bytes with one bit changed each: they decode, and their signature must not hold. */
function unsigned(bytes: Buffer, places: readonly number[], holds: (bytes: Buffer) => boolean) {
  return places.map((at) => {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ 1;
    if (holds(changed)) throw new Error(`a change at ${at} does not break the signature`);
    return { name: `byte ${at} is altered`, bytes: hex(changed) };
  });
}

function badRecords(bytes: Buffer): { name: string; bytes: Buffer }[] {
  const changed = (name: string, change: (bytes: Buffer) => void) => {
    const copy = Buffer.from(bytes);
    change(copy);
    return { name, bytes: copy };
  };
  return [
    ...spoiled(bytes, "HFSN"),
    changed("with an unknown flag", (copy) => copy.writeUInt8(2, 5)),
    changed("with something reserved", (copy) => copy.writeUInt16LE(1, 6)),
    changed("of sequence 0", (copy) => copy.writeBigUInt64LE(0n, 40)),
    changed("of a sequence beyond 2^53", (copy) => copy.writeBigUInt64LE(2n ** 53n, 40)),
    changed("of a time beyond 2^53", (copy) => copy.writeBigInt64LE(2n ** 53n, 116)),
    changed("of a time before −2^53", (copy) => copy.writeBigInt64LE(-(2n ** 53n), 116)),
    changed("with a body of 4 GiB", (copy) => copy.writeUInt32LE(0xffffffff, BODY_LENGTH_AT)),
    changed("with a body of more than 512 KiB", (copy) => copy.writeUInt32LE(524_289, BODY_LENGTH_AT)),
    changed("with a body that is too short to be one", (copy) => copy.writeUInt32LE(75, BODY_LENGTH_AT)),
    changed("with a body one byte longer", (copy) =>
      copy.writeUInt32LE(copy.readUInt32LE(BODY_LENGTH_AT) + 1, BODY_LENGTH_AT),
    ),
    changed("with a body one byte shorter", (copy) =>
      copy.writeUInt32LE(copy.readUInt32LE(BODY_LENGTH_AT) - 1, BODY_LENGTH_AT),
    ),
  ];
}

export function receipts() {
  const signer = signingKey(RECEIPT_SEED);
  const receipt: Receipt = {
    vault: VAULT,
    machine: MACHINE,
    sequence: 7,
    record: someId("record"),
    receivedAt: 1_700_000_000_456,
  };
  const encode = (receipt: Receipt) => encodeReceipt(receipt, (message) => signer.sign(message));
  const bytes = encode(receipt);
  const good = [
    ["one", receipt],
    ["the largest numbers", { ...receipt, sequence: 2 ** 53 - 1, receivedAt: -(2 ** 53) + 1 }],
  ] as const;
  const changed = (name: string, change: (bytes: Buffer) => void) => {
    const copy = Buffer.from(bytes);
    change(copy);
    return { name, bytes: copy };
  };
  const bad = [
    ...spoiled(bytes, "HFRC"),
    { name: "without its signature", bytes: bytes.subarray(0, 85) },
    { name: "cut within its signature", bytes: bytes.subarray(0, 120) },
    changed("of a sequence beyond 2^53", (copy) => copy.writeBigUInt64LE(2n ** 53n, 37)),
    changed("of a time beyond 2^53", (copy) => copy.writeBigInt64LE(2n ** 62n, 77)),
  ];
  return {
    receiptSeed: hex(RECEIPT_SEED),
    receiptKey: hex(signer.publicKey),
    good: good.map(([name, receipt]) => ({ name, bytes: hex(encode(receipt)), ...asJson(receipt) })),
    bad: bad.map(({ name, bytes }) => ({ name, bytes: hex(bytes), ...refusal(name, () => decodeReceipt(bytes)) })),
    unsigned: unsigned(bytes, [5, 20, 36, 37, 45, 76, 77, 81, 85, 148], (bytes) =>
      isReceiptSigned(bytes, signer.publicKey),
    ),
  };
}
