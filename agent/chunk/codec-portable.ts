/** The codec by Node's own interfaces: works everywhere, makes a buffer a call. */
import { createCipheriv, createDecipheriv, createSecretKey } from "node:crypto";
import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { hmacSha256 } from "../../base/digest.ts";
import { TAG_BYTES } from "../../protocol/pack-format.ts";
import type { Codec } from "./codec.ts";

const CIPHER = "aes-256-gcm";

/**
 * The output always fits one piece that is larger than it: gathering small pieces costs a fifth of the speed, and Node appends an empty
 * second frame when the output ends exactly where a piece does.
 */
const outputBytes = (plainLength: number): number => plainLength + Math.ceil(plainLength / 128) + 1024;

export const portableCodec: Codec = {
  kind: "portable",
  compress(target, plain, level) {
    const params = { [constants.ZSTD_c_compressionLevel]: level };
    const frame = zstdCompressSync(plain, { params, chunkSize: outputBytes(plain.length) });
    if (frame.length > target.length) return undefined;
    target.set(frame);
    return frame.length;
  },
  expand(target, frame) {
    const maxOutputLength = Math.max(target.length, 1);
    const plain = zstdDecompressSync(frame, { maxOutputLength, chunkSize: Math.max(target.length, 64) });
    if (plain.length !== target.length) throw new RangeError("the frame holds another length than it should");
    target.set(plain);
  },
  gcm: {
    seal(text, tag, { key, nonce, associated }) {
      const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
      cipher.setAAD(associated);
      updateInto(text, text, cipher);
      cipher.final();
      tag.set(cipher.getAuthTag());
    },
    open(target, text, tag, { key, nonce, associated }) {
      const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
      decipher.setAAD(associated);
      decipher.setAuthTag(tag);
      updateInto(target, text, decipher);
      decipher.final();
    },
  },
  makeHmac(key, prefix) {
    const secret = createSecretKey(key);
    return (content) => hmacSha256(secret, prefix, content);
  },
};

/** Each update makes a buffer of its own: small ones are reused from the heap, large ones are mapped, cleared and unmapped each time. */
const UPDATE_BYTES = 32 * 1024;

function updateInto(target: Uint8Array, text: Uint8Array, cipher: { update(bytes: Uint8Array): Buffer }): void {
  for (let at = 0; at < text.length; at += UPDATE_BYTES)
    target.set(cipher.update(text.subarray(at, at + UPDATE_BYTES)), at);
}
