/**
 * The heavy work on bytes: compressing, encrypting, naming. Everything is written into memory that the caller gives, because buffers
 * made for each call cost more in garbage collection than the work itself. One codec a thread; calls are synchronous.
 */
import { portableCodec } from "./codec-portable.ts";

export interface Codec {
  readonly kind: "native" | "portable";
  /** Writes one zstd frame; gives its length, or `undefined` when it has no room in `target`. */
  compress(target: Uint8Array, plain: Uint8Array, level: number): number | undefined;
  /** Fills `target` with what one zstd frame holds. Throws unless it holds exactly as much. */
  expand(target: Uint8Array, frame: Uint8Array): void;
  /** AES-256-GCM. */
  readonly gcm: Gcm;
  /** HMAC-SHA-256 of `prefix` and content. */
  makeHmac(key: Uint8Array, prefix: Uint8Array): (content: Uint8Array) => Buffer;
}

export interface GcmText {
  /** 32 bytes. */
  readonly key: Uint8Array;
  /** 12 bytes. */
  readonly nonce: Uint8Array;
  /** Authenticated, not encrypted. */
  readonly associated: Uint8Array;
}

export interface Gcm {
  /** Encrypts `text` in place and writes the tag of 16 bytes. */
  seal(text: Uint8Array, tag: Uint8Array, about: GcmText): void;
  /** Decrypts into `target`, as long as `text`. Throws unless the tag proves every byte; `target` then holds nothing to be used. */
  open(target: Uint8Array, text: Uint8Array, tag: Uint8Array, about: GcmText): void;
}

async function load(): Promise<Codec> {
  try {
    return (await import("./codec-native.ts")).nativeCodec();
  } catch {
    // Node without node:ffi, or built with other libraries: slower, nothing else.
    return portableCodec;
  }
}

export const codec: Codec = await load();
