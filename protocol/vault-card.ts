/** A vault's card: what is needed of it besides packs and records, so that the storage alone gives everything back (format §9.1). */
import { z } from "zod";
import { ByteReader, ByteWriter } from "../base/bytes.ts";
import { verifySignature } from "../base/signing.ts";
import { malformed } from "./malformed.ts";
import { base64, deviceKind, id16, id32, instant, rowId } from "./messages/fields.ts";
import { wrap } from "./messages/machines.ts";

export const vaultCard = z.object({
  vault: id16,
  machine: id16,
  epoch: z.int().min(1),
  readKey: base64(32, 32),
  signer: base64(32, 32),
  signerProof: base64(32, 32),
  wrap,
  /** SHA-256 of the agent's token, so that the machine need not be registered anew. */
  agentToken: id32.nullable(),
  organization: rowId,
  account: rowId,
  name: z.string(),
  os: z.string(),
  kind: deviceKind,
  virtual: z.boolean(),
  fingerprint: z.string(),
  agentVersion: z.string(),
  createdAt: instant,
});
export type VaultCard = z.infer<typeof vaultCard>;

const CARD_BYTES_MAX = 64 * 1024;
const SIGNATURE_BYTES = 64;

export function encodeVaultCard(card: VaultCard, sign: (message: Buffer) => Buffer): Buffer {
  const json = Buffer.from(JSON.stringify(card));
  const out = new ByteWriter(json.length + 128).bytes(Buffer.from("HFVC")).u8(1).u32(json.length).bytes(json);
  return out.bytes(sign(message(out.view()))).take();
}

/** Throws `format/malformed`, also when the service's receipt key has not signed it: a card decides who may write and what is opened. */
export function decodeVaultCard(bytes: Uint8Array, receiptKey: Uint8Array): VaultCard {
  const fail = malformed("vault card");
  const reader = new ByteReader(bytes, fail);
  reader.magic("HFVC");
  if (reader.u8() !== 1) fail("its version is unknown");
  const length = reader.u32();
  if (length > CARD_BYTES_MAX || length + SIGNATURE_BYTES !== reader.left) fail("its length is not possible");
  const json = Buffer.from(reader.bytes(length));
  const signed = bytes.subarray(0, bytes.length - SIGNATURE_BYTES);
  if (!verifySignature(receiptKey, message(signed), reader.bytes(SIGNATURE_BYTES))) fail("its signature is wrong");
  const card = vaultCard.safeParse(parsed(json));
  return card.success ? card.data : fail("it lacks what a card must say");
}

function parsed(json: Buffer): unknown {
  try {
    return JSON.parse(json.toString());
  } catch {
    return undefined;
  }
}

const message = (signed: Uint8Array): Buffer => Buffer.concat([Buffer.from("holdfast/v1/card\0"), signed]);
