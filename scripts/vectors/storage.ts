/** Vectors for what else lies in the storage: prune notes and vault cards (format §9). */
import { sha256 } from "../../base/digest.ts";
import { signingKey } from "../../base/signing.ts";
import { decodePruneNote, encodePruneNote, isPruneNoteSigned, type PruneNote } from "../../protocol/prune-note.ts";
import { decodeVaultCard, encodeVaultCard, type VaultCard } from "../../protocol/vault-card.ts";
import { EPOCH, hex, MACHINE, refusal, someId, spoiled, VAULT } from "./fixed.ts";

const RECEIPT_SEED = sha256(Buffer.from("receipt key"));

export function storage() {
  const signer = signingKey(RECEIPT_SEED);
  const sign = (message: Buffer) => signer.sign(message);
  const note: PruneNote = {
    vault: VAULT,
    writtenAt: 1_700_000_000_456,
    snapshots: [
      { sequence: 1, record: someId("one") },
      { sequence: 2 ** 40, record: someId("another") },
    ],
  };
  const base64 = (name: string) => someId(name).toString("base64");
  const card: VaultCard = {
    vault: hex(VAULT),
    machine: hex(MACHINE),
    epoch: EPOCH,
    readKey: base64("read key"),
    signer: base64("signer"),
    signerProof: base64("proof"),
    wrap: {
      kind: "default",
      kek: "00112233445566778899aabbccddeeff",
      enc: base64("enc"),
      ciphertext: Buffer.concat([someId("wrapped"), someId("tag").subarray(0, 16)]).toString("base64"),
    },
    agentToken: hex(someId("token")),
    organization: "01a1fdfa-4600-7000-bd95-cc6a4d3e4930",
    account: "01a1fdfa-4600-7003-ba78-10020b5e5b24",
    name: "lovelace",
    os: "Debian 13",
    kind: "desktop",
    virtual: false,
    fingerprint: "ab",
    agentVersion: "0.1.0",
    createdAt: "2026-11-22T12:00:00.000Z",
  };
  const [noteBytes, cardBytes] = [encodePruneNote(note, sign), encodeVaultCard(card, sign)];
  const unsigned = [5, 20, 27, 35, 60, 110, noteBytes.length - 1].map((at) => {
    const bytes = Buffer.from(noteBytes);
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    if (isPruneNoteSigned(bytes, signer.publicKey)) throw new Error(`byte ${at} is not signed`);
    return { name: `byte ${at} changed`, bytes: hex(bytes) };
  });
  const refused = (bytes: Buffer, magic: string, decode: (bytes: Buffer) => unknown) =>
    spoiled(bytes, magic).map(({ name, bytes }) => ({
      name,
      bytes: hex(bytes),
      ...refusal(name, () => decode(bytes)),
    }));
  return {
    receiptKey: hex(signer.publicKey),
    receiptSeed: hex(RECEIPT_SEED),
    notes: {
      good: [
        {
          name: "two snapshots",
          bytes: hex(noteBytes),
          vault: hex(note.vault),
          writtenAt: note.writtenAt,
          snapshots: note.snapshots.map(({ sequence, record }) => ({ sequence, record: hex(record) })),
        },
      ],
      bad: refused(noteBytes, "HFPN", decodePruneNote),
      unsigned,
    },
    cards: {
      good: [{ name: "a default wrap", bytes: hex(cardBytes), card }],
      bad: refused(cardBytes, "HFVC", (bytes) => decodeVaultCard(bytes, signer.publicKey)),
    },
  };
}
