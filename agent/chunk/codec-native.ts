/**
 * The codec on the zstd and OpenSSL inside the running Node, called through `node:ffi` (experimental in Node 26) on memory that is there
 * already: no garbage, contexts are reused. A wrong signature here crashes; each function is tried against Node's own when it is loaded.
 */
import ffi from "node:ffi";
import { bug } from "../../protocol/errors.ts";
import { TAG_BYTES } from "../../protocol/pack-format.ts";
import type { Codec, GcmText } from "./codec.ts";
import { portableCodec } from "./codec-portable.ts";

/** OpenSSL's EVP_CTRL_AEAD_GET_TAG and _SET_TAG. */
const GET_TAG = 0x10;
const SET_TAG = 0x11;
/** More than OpenSSL's SHA256_CTX, whose bytes are copied as they are. */
const SHA256_STATE_BYTES = 128;
const SHA256_BLOCK_BYTES = 64;
const SHA256_BYTES = 32;

/** Throws where Node or its libraries are of another make. */
export function nativeCodec(): Codec {
  const made = makeCodec(loadFunctions());
  checkAgainst(portableCodec, made);
  return made;
}

function loadFunctions() {
  const { functions } = ffi.dlopen(null, {
    ZSTD_createCCtx: { return: "pointer", arguments: [] },
    ZSTD_compressCCtx: {
      return: "uint64",
      arguments: ["pointer", "pointer", "uint64", "pointer", "uint64", "int32"],
    },
    ZSTD_createDCtx: { return: "pointer", arguments: [] },
    ZSTD_decompressDCtx: { return: "uint64", arguments: ["pointer", "pointer", "uint64", "pointer", "uint64"] },
    SHA256_Init: { return: "int32", arguments: ["pointer"] },
    SHA256_Update: { return: "int32", arguments: ["pointer", "pointer", "uint64"] },
    SHA256_Final: { return: "int32", arguments: ["pointer", "pointer"] },
    EVP_aes_256_gcm: { return: "pointer", arguments: [] },
    EVP_CIPHER_CTX_new: { return: "pointer", arguments: [] },
    EVP_CIPHER_CTX_ctrl: { return: "int32", arguments: ["pointer", "int32", "int32", "pointer"] },
    EVP_EncryptInit_ex: { return: "int32", arguments: ["pointer", "pointer", "pointer", "pointer", "pointer"] },
    EVP_EncryptUpdate: { return: "int32", arguments: ["pointer", "pointer", "pointer", "pointer", "int32"] },
    EVP_EncryptFinal_ex: { return: "int32", arguments: ["pointer", "pointer", "pointer"] },
    EVP_DecryptInit_ex: { return: "int32", arguments: ["pointer", "pointer", "pointer", "pointer", "pointer"] },
    EVP_DecryptUpdate: { return: "int32", arguments: ["pointer", "pointer", "pointer", "pointer", "int32"] },
    EVP_DecryptFinal_ex: { return: "int32", arguments: ["pointer", "pointer", "pointer"] },
  });
  return functions;
}

type Functions = ReturnType<typeof loadFunctions>;

/** The contexts live as long as the thread. */
function makeCodec(c: Functions): Codec {
  return { kind: "native", ...zstd(c), gcm: gcm(c), makeHmac: hmacs(c) };
}

function zstd(c: Functions): Pick<Codec, "compress" | "expand"> {
  const compressor = present(c.ZSTD_createCCtx());
  const expander = present(c.ZSTD_createDCtx());
  return {
    compress(target, plain, level) {
      const capacity = BigInt(target.length);
      const length = c.ZSTD_compressCCtx(compressor, target, capacity, plain, BigInt(plain.length), level);
      return length > capacity ? undefined : Number(length); // Errors are numbers near the top.
    },
    expand(target, frame) {
      const capacity = BigInt(target.length);
      const into = target.length === 0 ? null : target;
      if (c.ZSTD_decompressDCtx(expander, into, capacity, frame, BigInt(frame.length)) !== capacity)
        throw new RangeError("the frame holds another length than it should");
    },
  };
}

function gcm(c: Functions): Codec["gcm"] {
  const cipher = present(c.EVP_aes_256_gcm());
  const context = present(c.EVP_CIPHER_CTX_new());
  const lengthAt = ffi.getRawPointer(fixed(4));
  const nothingAt = ffi.getRawPointer(fixed(TAG_BYTES));
  const need = (result: number) => {
    if (result !== 1) throw new RangeError("the tag does not prove the text");
  };
  return {
    seal(text, tag, { key, nonce, associated }: GcmText) {
      need(c.EVP_EncryptInit_ex(context, cipher, null, key, nonce));
      need(c.EVP_EncryptUpdate(context, null, lengthAt, associated, associated.length));
      need(c.EVP_EncryptUpdate(context, text, lengthAt, text, text.length));
      need(c.EVP_EncryptFinal_ex(context, nothingAt, lengthAt));
      need(c.EVP_CIPHER_CTX_ctrl(context, GET_TAG, TAG_BYTES, tag));
    },
    open(target, text, tag, { key, nonce, associated }: GcmText) {
      if (target.length < text.length) bug("a text is decrypted into less memory than it needs");
      need(c.EVP_DecryptInit_ex(context, cipher, null, key, nonce));
      need(c.EVP_DecryptUpdate(context, null, lengthAt, associated, associated.length));
      need(c.EVP_DecryptUpdate(context, target, lengthAt, text, text.length));
      need(c.EVP_CIPHER_CTX_ctrl(context, SET_TAG, TAG_BYTES, tag));
      need(c.EVP_DecryptFinal_ex(context, nothingAt, lengthAt));
    },
  };
}

/** RFC 2104. What depends only on key and prefix is hashed once; its state is copied for each content. */
function hmacs(c: Functions): Codec["makeHmac"] {
  const state = fixed(SHA256_STATE_BYTES);
  const digest = fixed(SHA256_BYTES);
  const stateAt = ffi.getRawPointer(state);
  const digestAt = ffi.getRawPointer(digest);
  const digestLength = BigInt(SHA256_BYTES);
  const stateAfter = (...parts: readonly Uint8Array[]): Buffer => {
    c.SHA256_Init(stateAt);
    for (const part of parts) c.SHA256_Update(stateAt, part, BigInt(part.length));
    return Buffer.from(state);
  };
  return (key, prefix) => {
    if (key.length > SHA256_BLOCK_BYTES) bug("a key of more than a block must be hashed first");
    const padded = (byte: number) => Buffer.alloc(SHA256_BLOCK_BYTES).map((_, at) => (key[at] ?? 0) ^ byte);
    const inner = stateAfter(padded(0x36), prefix);
    const outer = stateAfter(padded(0x5c));
    return (content) => {
      state.set(inner);
      c.SHA256_Update(stateAt, content, BigInt(content.length));
      c.SHA256_Final(digestAt, stateAt);
      state.set(outer);
      c.SHA256_Update(stateAt, digestAt, digestLength);
      c.SHA256_Final(digestAt, stateAt);
      return Buffer.from(digest);
    };
  };
}

const fixedForGood: Buffer[] = [];

/** Memory whose address stays: arrays of up to 64 bytes lie on the engine's own heap and are moved, and unused ones are freed. */
function fixed(length: number): Buffer {
  const whole = Buffer.allocUnsafeSlow(4096);
  fixedForGood.push(whole);
  return whole.subarray(0, length);
}

const present = (pointer: bigint | null): bigint => pointer || bug("a library gave no memory");

/** Throws unless both do the same to a few bytes. */
function checkAgainst(known: Codec, tried: Codec): void {
  const plain = Buffer.from("words, more words, and the same words again, words, more words");
  const key = Buffer.alloc(32, 1);
  const about: GcmText = { key, nonce: Buffer.alloc(12, 2), associated: Buffer.from("about") };
  const results = [known, tried].map(({ compress, expand, gcm: { seal }, makeHmac }) => {
    const frame = Buffer.alloc(200);
    const length = compress(frame, plain, 1) ?? 0;
    const expanded = Buffer.alloc(plain.length);
    expand(expanded, frame.subarray(0, length));
    const text = Buffer.from(plain);
    const tag = Buffer.alloc(TAG_BYTES);
    seal(text, tag, about);
    return Buffer.concat([expanded, text, tag, makeHmac(key, plain.subarray(0, 3))(plain)]);
  });
  const [one, other] = results;
  const opened = Buffer.alloc(plain.length);
  const sealed = one?.subarray(plain.length) ?? plain;
  tried.gcm.open(
    opened,
    sealed.subarray(0, plain.length),
    sealed.subarray(plain.length, plain.length + TAG_BYTES),
    about,
  );
  if (!other || !one?.equals(other) || !opened.equals(plain)) bug("a library of this Node works in another way");
}
