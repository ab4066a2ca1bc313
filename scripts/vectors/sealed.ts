/** Vectors for sealed chunks (format §4), made by hand so that every field can be wrong by itself. */
import { createCipheriv } from "node:crypto";
import { zstdCompressSync } from "node:zlib";
import { makeChunkNamer } from "../../agent/chunk/chunk-id.ts";
import { open } from "../../agent/chunk/open.ts";
import { padmeLength } from "../../agent/chunk/padme.ts";
import { ByteWriter } from "../../base/bytes.ts";
import { crc32, sha256 } from "../../base/digest.ts";
import { CHUNK_TYPES, type ChunkType } from "../../protocol/pack-format.ts";
import { EPOCH, hex, KEYS, refusal, type Session, session, someId, stream, VAULT } from "./fixed.ts";

/** All that a sealed chunk says; what is not given is right. */
export interface Sealing {
  readonly type: number;
  readonly plain: Buffer;
  readonly session: Session;
  readonly counter?: bigint;
  readonly sessionIndex?: number;
  readonly id?: Buffer;
  readonly epoch?: number;
  readonly method?: number;
  readonly payload?: Buffer;
  readonly plainLength?: number;
  readonly payloadLength?: number;
  readonly padding?: Buffer;
}

const nameChunk = makeChunkNamer(KEYS.idKey);

export function sealByHand(sealing: Sealing): Buffer {
  const { type, plain, counter = 0n, sessionIndex = 0, epoch = EPOCH, method = 0, payload = plain } = sealing;
  const id = sealing.id ?? nameChunk(type as ChunkType, plain); // The namer takes any number.
  const { plainLength = plain.length, payloadLength = payload.length } = sealing;
  const frame = new ByteWriter().u8(method).u32(plainLength).u32(payloadLength).bytes(payload);
  frame.bytes(sealing.padding ?? Buffer.alloc(padmeLength(frame.length) - frame.length));
  const header = new ByteWriter().bytes(Buffer.from("HFCK")).u8(1).u8(type).u16(sessionIndex).u32(epoch).u64(counter);
  header.bytes(id).u32(frame.length + 16);
  header.u32(crc32(header.view()));
  const { enc, key } = sealing.session;
  const cipher = createCipheriv("aes-256-gcm", key, new ByteWriter().u32(0).u64(counter).take());
  const bytes = header.take();
  cipher.setAAD(
    Buffer.concat([Buffer.from("holdfast/v1/chunk"), VAULT, enc, bytes.subarray(4, 6), bytes.subarray(8, 56)]),
  );
  return Buffer.concat([bytes, cipher.update(frame.view()), cipher.final(), cipher.getAuthTag()]);
}

export async function sealed() {
  const one = await session("one");
  const two = await session("two");
  const zeros = Buffer.alloc(5000);
  const good: { name: string; sealing: Sealing }[] = [
    ...Object.entries(CHUNK_TYPES).map(([name, type]) => ({
      name: `of type ${name}`,
      sealing: { type, plain: Buffer.from(`a ${name}`), session: one },
    })),
    { name: "empty", sealing: { type: 1, plain: Buffer.alloc(0), session: one, counter: 1n } },
    { name: "stored, with padding", sealing: { type: 1, plain: stream("sealed", 1000), session: two, counter: 2n } },
    {
      name: "compressed",
      sealing: { type: 2, plain: zeros, session: two, counter: 3n, method: 1, payload: zstdCompressSync(zeros) },
    },
    {
      name: "with a large counter and session index",
      sealing: { type: 1, plain: Buffer.from("far"), session: two, counter: 2n ** 33n + 7n, sessionIndex: 1023 },
    },
    {
      name: "of a later epoch",
      sealing: { type: 1, plain: Buffer.from("later"), session: one, counter: 4n, epoch: 77 },
    },
  ];
  return {
    vault: hex(VAULT),
    idKey: hex(KEYS.idKey),
    good: good.map(({ name, sealing }) => ({
      name,
      type: sealing.type,
      id: hex(nameChunk(sealing.type as ChunkType, sealing.plain)), // One of the types above.
      enc: hex(sealing.session.enc),
      key: hex(sealing.session.key),
      epoch: sealing.epoch ?? EPOCH,
      counter: Number(sealing.counter ?? 0n),
      sessionIndex: sealing.sessionIndex ?? 0,
      method: sealing.method ?? 0,
      plain: hex(sealing.plain),
      sealed: hex(sealByHand(sealing)),
    })),
    bad: badOnes(one, two),
  };
}

/** What a reader asks for, and the bytes that it is given. */
interface Bad {
  readonly name: string;
  readonly sealed: Buffer;
  readonly asked?: Partial<Record<"vault" | "enc" | "key" | "id", Buffer>> & { type?: number };
}

function badOnes(one: Session, two: Session) {
  const plain = Buffer.from("the right plaintext");
  const right: Sealing = { type: 1, plain, session: one };
  const whole = sealByHand(right);
  const withHeader = (change: (header: Buffer) => void): Buffer => {
    const bytes = Buffer.from(whole);
    change(bytes);
    bytes.writeUInt32LE(crc32(bytes.subarray(0, 56)), 56);
    return bytes;
  };
  const withByte = (at: number): Buffer => {
    const bytes = Buffer.from(whole);
    bytes[at < 0 ? bytes.length + at : at] = (bytes.at(at) ?? 0) ^ 1;
    return bytes;
  };
  const other = someId("other");
  const frames = zstdCompressSync(plain);
  const bomb = zstdCompressSync(Buffer.alloc(64 * 1024 * 1024));
  const all: Bad[] = [
    { name: "nothing at all", sealed: Buffer.alloc(0) },
    { name: "cut within the header", sealed: whole.subarray(0, 59) },
    { name: "cut behind the header", sealed: whole.subarray(0, 60) },
    { name: "cut within the ciphertext", sealed: whole.subarray(0, 80) },
    { name: "without its last byte", sealed: whole.subarray(0, -1) },
    { name: "with a byte too many", sealed: Buffer.concat([whole, Buffer.alloc(1)]) },
    { name: "another magic", sealed: withHeader((header) => header.write("HFCX")) },
    { name: "version 2", sealed: withHeader((header) => header.writeUInt8(2, 4)) },
    { name: "a wrong checksum of the header", sealed: withByte(56) },
    { name: "a length that is too large", sealed: withHeader((header) => header.writeUInt32LE(whole.length - 59, 52)) },
    { name: "a length of 0", sealed: withHeader((header) => header.writeUInt32LE(0, 52)) },
    { name: "asked for as another type", sealed: whole, asked: { type: 3 } },
    { name: "asked for by another id", sealed: whole, asked: { id: other } },
    { name: "a type that is altered", sealed: withHeader((header) => header.writeUInt8(2, 5)), asked: { type: 2 } },
    { name: "an epoch that is altered", sealed: withHeader((header) => header.writeUInt32LE(2, 8)) },
    { name: "a counter that is altered", sealed: withHeader((header) => header.writeUInt8(9, 12)) },
    { name: "an id that is altered", sealed: withHeader((header) => other.copy(header, 20)), asked: { id: other } },
    { name: "under another vault", sealed: whole, asked: { vault: Buffer.alloc(16, 1) } },
    { name: "under another encapsulated key", sealed: whole, asked: { enc: two.enc } },
    { name: "under another session key", sealed: whole, asked: { key: two.key } },
    { name: "a ciphertext that is altered", sealed: withByte(60) },
    { name: "a tag that is altered", sealed: withByte(-1) },
    { name: "a plaintext that is not its id's", sealed: sealByHand({ ...right, id: other }), asked: { id: other } },
    { name: "an unknown method", sealed: sealByHand({ ...right, method: 2 }) },
    { name: "a plain length that is too small", sealed: sealByHand({ ...right, plainLength: plain.length - 1 }) },
    { name: "a plain length that is too large", sealed: sealByHand({ ...right, plainLength: plain.length + 1 }) },
    { name: "a plain length beyond 4 MiB", sealed: sealByHand({ ...right, plainLength: 4_194_305 }) },
    { name: "a payload longer than there is", sealed: sealByHand({ ...right, payloadLength: 1000 }) },
    {
      name: "padding that is not zero",
      sealed: sealByHand({ ...right, plain: stream("p", 100), padding: Buffer.alloc(3, 1), id: nameChunk(1, plain) }),
    },
    {
      name: "no padding",
      sealed: sealByHand({ ...right, plain: stream("p", 100), padding: Buffer.alloc(0), id: nameChunk(1, plain) }),
    },
    { name: "padding that is too long", sealed: sealByHand({ ...right, padding: Buffer.alloc(500) }) },
    { name: "something that is no zstd frame", sealed: sealByHand({ ...right, method: 1 }) },
    { name: "a zstd frame that is cut", sealed: sealByHand({ ...right, method: 1, payload: frames.subarray(0, -3) }) },
    {
      name: "a zstd frame of more than the plain length",
      sealed: sealByHand({ ...right, method: 1, payload: frames, plainLength: 5 }),
    },
    {
      name: "a zstd frame of less than the plain length",
      sealed: sealByHand({ ...right, method: 1, payload: frames, plainLength: 50 }),
    },
    { name: "a zstd bomb", sealed: sealByHand({ ...right, method: 1, payload: bomb, plainLength: 19 }) },
    {
      name: "a zstd bomb that says 4 MiB",
      sealed: sealByHand({ ...right, method: 1, payload: bomb, plainLength: 4_194_304 }),
    },
    {
      name: "two zstd frames",
      sealed: sealByHand({
        ...right,
        method: 1,
        payload: Buffer.concat([zstdCompressSync(plain.subarray(0, 9)), zstdCompressSync(plain.subarray(9))]),
      }),
    },
    {
      name: "a byte behind the zstd frame",
      sealed: sealByHand({ ...right, method: 1, payload: Buffer.concat([frames, Buffer.alloc(1)]) }),
    },
  ];
  return all.map(({ name, sealed, asked = {} }) => {
    const expected = { vault: VAULT, enc: one.enc, key: one.key, id: nameChunk(1, plain), type: 1, ...asked };
    const { error, reason } = refusal(
      name,
      () => open(sealed, { ...expected, type: expected.type as ChunkType, key: expected.key }, nameChunk), // As a caller would ask.
    );
    const { type } = expected;
    const asText = {
      vault: hex(expected.vault),
      enc: hex(expected.enc),
      key: hex(expected.key),
      id: hex(expected.id),
      type,
    };
    return { name, ...asText, sealed: hex(sealed), error, reason };
  });
}

export const sealedId = (sealing: Pick<Sealing, "type" | "plain">): Buffer =>
  nameChunk(sealing.type as ChunkType, sealing.plain); // As above.
export const packName = (bytes: Buffer): string => hex(sha256(bytes));
