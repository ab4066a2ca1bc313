/** From what the service released to the keys of a vault. The secret leaves this file only as keys. */
import { HoldfastError } from "../../protocol/errors.ts";
import type { OpenRestoreResponse } from "../../protocol/messages/restores.ts";
import { deriveVaultKeys, type VaultKeys } from "../keys/vault-keys.ts";
import { openCustom, refuseWeakWrap } from "../keys/wraps.ts";

/** Throws `key/passphrase-missing`, `key/wrong-passphrase`, `key/weak-wrap`, `key/not-this-vault`. */
export async function unlock(
  session: Pick<OpenRestoreResponse, "vault" | "wrap">,
  passphrase: (() => Promise<string>) | undefined,
): Promise<VaultKeys> {
  const vault = Buffer.from(session.vault.id, "hex");
  const { epoch, readKey } = session.vault;
  const secret = await vaultSecret(session.wrap, { vault, epoch }, passphrase);
  const keys = deriveVaultKeys(secret, vault, epoch);
  if (!keys.readPublic.equals(Buffer.from(readKey, "base64"))) throw new HoldfastError("key/not-this-vault");
  return keys;
}

async function vaultSecret(
  wrap: OpenRestoreResponse["wrap"],
  scope: { vault: Buffer; epoch: number },
  passphrase: (() => Promise<string>) | undefined,
): Promise<Buffer> {
  switch (wrap.kind) {
    case "released":
      return Buffer.from(wrap.secret, "base64");
    case "custom":
      if (!passphrase) throw new HoldfastError("key/passphrase-missing");
      refuseWeakWrap(wrap);
      return await openCustom(wrap, scope, await passphrase());
    case "default":
      throw new HoldfastError("key/unavailable", { reason: "it was not released" });
  }
}
