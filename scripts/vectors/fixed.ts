/** What all test vectors share: one vault with known keys, and bytes from nothing but SHA-256. */
import { deriveVaultKeys } from "../../agent/keys/vault-keys.ts";
import { readSessionKey } from "../../agent/vault/seal-session.ts";
import { sha256 } from "../../base/digest.ts";
import { hpkePublicKey } from "../../base/hpke.ts";
import { HoldfastError } from "../../protocol/errors.ts";

export const SECRET = Buffer.from(Array.from({ length: 32 }, (_, index) => index));
export const VAULT = Buffer.from(Array.from({ length: 16 }, (_, index) => 0xa0 + index));
export const MACHINE = Buffer.from(Array.from({ length: 16 }, (_, index) => 0x10 + index));
export const EPOCH = 1;
export const KEYS = deriveVaultKeys(SECRET, VAULT, EPOCH);

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

/** SHA-256(seed ‖ u32 0) ‖ SHA-256(seed ‖ u32 1) ‖ …, cut to `length`. */
export function stream(seed: string, length: number): Buffer {
  const blocks: Buffer[] = [];
  for (let index = 0; index * 32 < length; index++) {
    const number = Buffer.alloc(4);
    number.writeUInt32LE(index);
    blocks.push(sha256(Buffer.concat([Buffer.from(seed), number])));
  }
  return Buffer.concat(blocks).subarray(0, length);
}

/** An id that names nothing. */
export const someId = (name: string): Buffer => sha256(Buffer.from(`id ${name}`));

export interface Session {
  readonly enc: Buffer;
  readonly key: Buffer;
}

/** A session that a reader can open: HPKE's encapsulated key is any public key, here of a known pair. */
export async function session(name: string): Promise<Session> {
  const enc = hpkePublicKey(sha256(Buffer.from(`session ${name}`)));
  return { enc, key: await readSessionKey(KEYS, enc) };
}

export interface Refusal {
  readonly error: string;
  readonly reason?: string;
}

/** What our own decoder says about bad bytes; a vector that is not refused is a mistake in the vector. */
export function refusal(name: string, decode: () => unknown): Refusal {
  try {
    decode();
  } catch (error) {
    if (!(error instanceof HoldfastError)) throw error;
    const { reason } = error.data;
    return { error: error.code, ...(typeof reason === "string" ? { reason } : {}) };
  }
  throw new Error(`the bad vector “${name}” is not refused`);
}

/** Ways to spoil any structure. */
export function spoiled(bytes: Buffer, magic: string): { name: string; bytes: Buffer }[] {
  const changed = (name: string, at: number, to: number) => {
    const copy = Buffer.from(bytes);
    copy[at] = to;
    return { name, bytes: copy };
  };
  return [
    { name: "nothing at all", bytes: Buffer.alloc(0) },
    { name: "cut within its magic", bytes: bytes.subarray(0, 3) },
    { name: "cut behind its magic", bytes: bytes.subarray(0, magic.length) },
    { name: "cut in the middle", bytes: bytes.subarray(0, Math.floor(bytes.length / 2)) },
    { name: "without its last byte", bytes: bytes.subarray(0, -1) },
    { name: "with a byte too many", bytes: Buffer.concat([bytes, Buffer.alloc(1)]) },
    changed("with another magic", 0, 0x68),
    changed("of version 0", magic.length, 0),
    changed("of version 2", magic.length, 2),
  ];
}
