/** A fresh session to seal under, for each writer (format §2). */
import { ByteWriter } from "../../base/bytes.ts";
import { openRecipient, openSender } from "../../base/hpke.ts";
import { SealSession } from "../chunk/seal.ts";
import type { VaultKeys, WriteKeys } from "../keys/vault-keys.ts";

const KEY_CONTEXT = "holdfast/v1/session-key";

export async function openSealSession(keys: Pick<WriteKeys, "vault" | "epoch" | "readPublic">): Promise<SealSession> {
  const sender = await openSender({ publicKey: keys.readPublic, info: sessionInfo(keys) });
  return new SealSession(await sender.exportSecret(KEY_CONTEXT, 32), sender.enc, {
    vault: keys.vault,
    epoch: keys.epoch,
  });
}

/** The session key behind an encapsulated key; only the private read key gives it. */
export async function readSessionKey(
  keys: Pick<VaultKeys, "vault" | "epoch" | "readPrivate">,
  enc: Uint8Array,
): Promise<Buffer> {
  const recipient = await openRecipient({ privateKey: keys.readPrivate, enc, info: sessionInfo(keys) });
  return await recipient.exportSecret(KEY_CONTEXT, 32);
}

const sessionInfo = (keys: { vault: Uint8Array; epoch: number }): Buffer =>
  new ByteWriter().bytes(Buffer.from("holdfast/v1/session")).bytes(keys.vault).u32(keys.epoch).take();
