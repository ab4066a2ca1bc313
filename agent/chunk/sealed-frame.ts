/** What sealing and opening agree on (format §4). */
import { ByteReader } from "../../base/bytes.ts";
import { crc32 } from "../../base/digest.ts";
import { malformed } from "../../protocol/malformed.ts";
import { CHUNK_HEADER_BYTES } from "../../protocol/pack-format.ts";

/** Before the payload: method, plain length, payload length. */
export const FRAME_BYTES = 9;

export interface SealedHeader {
  readonly type: number;
  readonly session: number;
  readonly epoch: number;
  readonly id: Buffer;
  /** Of ciphertext and tag. */
  readonly sealedLength: number;
}

export function decodeSealedHeader(bytes: Uint8Array): SealedHeader {
  const reader = new ByteReader(bytes.subarray(0, CHUNK_HEADER_BYTES), malformed("sealed chunk"));
  reader.magic("HFCK");
  if (reader.u8() !== 1) reader.fail("its version is unknown");
  const type = reader.u8();
  const session = reader.u16();
  const epoch = reader.u32();
  reader.u64();
  const id = Buffer.from(reader.bytes(32));
  const sealedLength = reader.u32();
  if (reader.u32() !== crc32(bytes.subarray(0, CHUNK_HEADER_BYTES - 4))) reader.fail("its header's checksum is wrong");
  return { type, session, epoch, id, sealedLength };
}

export function nonceOf(header: Buffer): Buffer {
  const nonce = Buffer.alloc(12);
  header.copy(nonce, 4, 12, 20);
  return nonce;
}

const AAD_PREFIX = Buffer.from("holdfast/v1/chunk");

/** Everything that says what this chunk is, except the session index, which may change when packs are recomposed. */
export const associatedData = (vault: Uint8Array, enc: Uint8Array, header: Buffer): Buffer =>
  Buffer.concat([AAD_PREFIX, vault, enc, header.subarray(4, 6), header.subarray(8, 56)]);
