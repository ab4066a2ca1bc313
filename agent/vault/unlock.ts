/** From what the service released, or what a person has, to the keys of a vault. */
import { HoldfastError } from "../../protocol/errors.ts";
import type { OpenRestoreResponse, ReleasedWrap } from "../../protocol/messages/restores.ts";
import { openCorporate } from "../keys/corporate-wrap.ts";
import type { Openers } from "../keys/openers.ts";
import { deriveVaultKeys, type VaultKeys } from "../keys/vault-keys.ts";
import { openCustom, refuseWeakWrap, type WrapScope } from "../keys/wraps.ts";

export interface Locked {
  readonly vault: Pick<OpenRestoreResponse["vault"], "id" | "epoch" | "readKey">;
  readonly wrap: ReleasedWrap;
}

/**
 * Throws `key/passphrase-missing`, `key/wrong-passphrase`, `key/weak-wrap`, `key/recovery-key-missing`, `key/recovery-key-other`,
 * `key/kit-malformed`, `key/not-this-vault`.
 */
export const unlock = async (locked: Locked, openers: Openers = {}): Promise<VaultKeys> =>
  (await unlockSecret(locked, openers)).keys;

/** Also the secret itself, for a new wrap and for a recovery kit: whoever calls keeps it in memory only. */
export async function unlockSecret(
  { vault: { id, epoch, readKey }, wrap }: Locked,
  openers: Openers,
): Promise<{ secret: Buffer; keys: VaultKeys }> {
  const vault = Buffer.from(id, "hex");
  const secret = openers.kit
    ? await fromKit(openers.kit, { vault, epoch })
    : await fromWrap(wrap, { vault, epoch }, openers);
  const keys = deriveVaultKeys(secret, vault, epoch);
  if (!keys.readPublic.equals(Buffer.from(readKey, "base64"))) throw new HoldfastError("key/not-this-vault");
  return { secret, keys };
}

async function fromKit(kit: NonNullable<Openers["kit"]>, scope: WrapScope): Promise<Buffer> {
  const { secret, vault, epoch = scope.epoch } = await kit();
  const isOfVault = vault === undefined || vault.equals(scope.vault);
  if (!isOfVault || epoch !== scope.epoch) throw new HoldfastError("key/not-this-vault");
  return secret;
}

async function fromWrap(wrap: ReleasedWrap, scope: WrapScope, openers: Openers): Promise<Buffer> {
  switch (wrap.kind) {
    case "released":
      return Buffer.from(wrap.secret, "base64");
    case "custom":
      if (!openers.passphrase) throw new HoldfastError("key/passphrase-missing");
      refuseWeakWrap(wrap);
      return await openCustom(wrap, scope, await openers.passphrase());
    case "corporate":
      if (!openers.recoveryKey) throw new HoldfastError("key/recovery-key-missing");
      return openCorporate(wrap, scope, await openers.recoveryKey());
    case "default":
      throw new HoldfastError("key/unavailable", { reason: "it was not released" });
  }
}
