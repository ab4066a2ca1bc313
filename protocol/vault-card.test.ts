import { expect, test } from "vitest";
import { signingKey } from "../base/signing.ts";
import { decodePruneNote, encodePruneNote, isPruneNoteSigned } from "./prune-note.ts";
import { decodeVaultCard, encodeVaultCard, type VaultCard } from "./vault-card.ts";

const key = signingKey(Buffer.alloc(32, 5));
const sign = (message: Buffer) => key.sign(message);
const base64 = (bytes: number) => Buffer.alloc(bytes, 7).toString("base64");

const card: VaultCard = {
  vault: "ab".repeat(16),
  machine: "cd".repeat(16),
  epoch: 1,
  readKey: base64(32),
  signer: base64(32),
  signerProof: base64(32),
  wrap: { kind: "default", kek: "ef".repeat(16), enc: base64(32), ciphertext: base64(48) },
  agentToken: null,
  organization: "01a1fdfa-4600-7000-bd95-cc6a4d3e4930",
  account: "01a1fdfa-4600-7003-ba78-10020b5e5b24",
  name: "den",
  os: "Debian 13",
  kind: "desktop",
  virtual: false,
  fingerprint: "f",
  agentVersion: "1",
  createdAt: "2026-11-22T00:00:00.000Z",
};

const note = {
  vault: Buffer.alloc(16, 1),
  writtenAt: 1_700_000_000_000,
  snapshots: [
    { sequence: 3, record: Buffer.alloc(32, 2) },
    { sequence: 2 ** 40, record: Buffer.alloc(32, 3) },
  ],
};

test("a card and a note come back as they were", () => {
  expect(decodeVaultCard(encodeVaultCard(card, sign), key.publicKey)).toEqual(card);
  const bytes = encodePruneNote(note, sign);
  expect(decodePruneNote(bytes)).toEqual(note);
  expect(isPruneNoteSigned(bytes, key.publicKey)).toBe(true);
});

test("of which one byte is another, or that another service signed, neither is believed", () => {
  const [cardBytes, noteBytes] = [encodeVaultCard(card, sign), encodePruneNote(note, sign)];
  const changed = (bytes: Buffer, at: number) => bytes.map((byte, index) => (index === at ? byte ^ 1 : byte));
  for (let at = 0; at < cardBytes.length; at += 3)
    expect(() => decodeVaultCard(changed(cardBytes, at), key.publicKey)).toThrow(
      expect.objectContaining({ code: "format/malformed" }),
    );
  for (let at = 0; at < noteBytes.length; at++)
    expect(isPruneNoteSigned(changed(noteBytes, at), key.publicKey)).toBe(false);
  const other = signingKey(Buffer.alloc(32, 6)).publicKey;
  expect(() => decodeVaultCard(cardBytes, other)).toThrow(expect.objectContaining({ code: "format/malformed" }));
  expect(isPruneNoteSigned(noteBytes, other)).toBe(false);
});

test("cut ones, longer ones and impossible counts are refused", () => {
  const [cardBytes, noteBytes] = [encodeVaultCard(card, sign), encodePruneNote(note, sign)];
  const refusal = expect.objectContaining({ code: "format/malformed" });
  for (const length of [0, 4, 5, 9, 60, cardBytes.length - 1])
    expect(() => decodeVaultCard(cardBytes.subarray(0, length), key.publicKey)).toThrow(refusal);
  expect(() => decodeVaultCard(Buffer.concat([cardBytes, Buffer.alloc(1)]), key.publicKey)).toThrow(refusal);
  for (let length = 0; length < noteBytes.length; length += 5)
    expect(() => decodePruneNote(noteBytes.subarray(0, length))).toThrow(refusal);
  const many = Buffer.from(noteBytes);
  many.writeUInt32LE(0xffff_ffff, 29);
  expect(() => decodePruneNote(many)).toThrow(refusal);
});
