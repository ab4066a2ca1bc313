/** Opens a vault for reading: log-in, restore session, vault secret, keys. The secret leaves this file only as keys. */
import { type Clock, systemClock } from "../../base/clock.ts";
import { keepYoungHeapSmall } from "../../base/lean-memory.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import type { OpenRestoreRequest, OpenRestoreResponse } from "../../protocol/messages/restores.ts";
import { deriveVaultKeys, type VaultKeys } from "../keys/vault-keys.ts";
import { openCustom, refuseWeakWrap } from "../keys/wraps.ts";
import { consoleRemote, publicRemote, restoreRemote } from "../remote/http-remote.ts";
import { RateLimit } from "../remote/rate-limit.ts";
import type { ConsoleRemote } from "../remote/remote.ts";
import type { ServiceAddress } from "../remote/service-address.ts";
import { type KnownSnapshot, Vault } from "./vault.ts";

export interface OpenVaultOptions {
  readonly address: ServiceAddress;
  readonly email: string;
  readonly password: string;
  /** Hexadecimal id. */
  readonly machine: string;
  readonly source: OpenRestoreRequest["source"];
  readonly purpose: NonNullable<OpenRestoreRequest["purpose"]>;
  /** Asked only when the vault has a custom key. */
  readonly passphrase?: (() => Promise<string>) | undefined;
  /** From the last receipt of this machine, when it is this machine's vault. */
  readonly known?: KnownSnapshot | undefined;
  readonly clock?: Clock;
  /** Bytes a second; Infinity or absent: no limit. An object may be changed meanwhile. */
  readonly downloadLimit?: RateLimit | number | undefined;
}

export async function openVault(options: OpenVaultOptions): Promise<Vault> {
  keepYoungHeapSmall(); // Whoever opens a history reads much of it.
  const { clock = systemClock, known, purpose, machine } = options;
  const { token } = await publicRemote(options.address).login(options.email, options.password);
  const account = consoleRemote(options.address, token);
  try {
    const session = await account.openRestore(machine, { source: options.source, purpose });
    const remote = restoreRemote(options.address, session.token, limitOf(options.downloadLimit, clock));
    try {
      const keys = await unlock(session, options.passphrase);
      const endStatus = purpose === "restore" ? "cancelled" : "completed";
      return new Vault({ remote, keys, machine, clock, known, endStatus, close: () => logout(account) });
    } catch (error) {
      const code = error instanceof HoldfastError ? error.code : "bug/unexpected";
      const nothing = { filesRequested: 0, filesRetrieved: 0, bytes: 0 };
      await remote.progress({ ...nothing, status: "failed", code }).catch(() => undefined);
      throw error;
    }
  } catch (error) {
    await logout(account);
    throw error;
  }
}

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

/** Nothing where nothing limits: then threads may read by themselves. */
function limitOf(limit: OpenVaultOptions["downloadLimit"], clock: Clock): RateLimit | undefined {
  if (typeof limit === "number") return Number.isFinite(limit) ? new RateLimit(clock, limit) : undefined;
  return limit;
}

/** The token runs out by itself. */
const logout = (account: ConsoleRemote): Promise<void> => account.logout().catch(() => undefined);
