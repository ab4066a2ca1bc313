/**
 * A person changes who can open this machine's backups, or takes the vault secret along on paper. The machine does not have the secret: the person's
 * log-in, passphrase, kit or recovery key gives it for the length of one call. Nothing is sent again: only the wrap is another one.
 */
import { type Clock, systemClock } from "../base/clock.ts";
import { equalSecrets } from "../base/digest.ts";
import { type Random, systemRandom } from "../base/random.ts";
import { bug, HoldfastError } from "../protocol/errors.ts";
import type { Wrap } from "../protocol/messages/machines.ts";
import type { OpenRestoreResponse } from "../protocol/messages/restores.ts";
import type { WrapChanged } from "../protocol/messages/wraps.ts";
import { trustedCertificate, wrapCorporate } from "./keys/corporate-wrap.ts";
import { keyFilePath, readKeyFile } from "./keys/key-file.ts";
import type { Openers } from "./keys/openers.ts";
import { recoveryKitText } from "./keys/recovery-kit.ts";
import { wordsOf } from "./keys/recovery-words.ts";
import type { VaultKeys } from "./keys/vault-keys.ts";
import { type CustomWrap, openCustom, wrapCustom, wrapDefault } from "./keys/wraps.ts";
import { consoleRemote, publicRemote, restoreRemote } from "./remote/http-remote.ts";
import type { ConsoleRemote, Login } from "./remote/remote.ts";
import type { ServiceAddress } from "./remote/service-address.ts";
import { loadSettings, type Settings } from "./settings.ts";
import { unlockSecret } from "./vault/unlock.ts";

export interface KeyActOptions extends Openers {
  readonly dataFolder: string;
  readonly login: Login;
  readonly clock?: Clock;
  readonly random?: Random;
  /** Of guessing a new passphrase; readers take no less than 64 MiB and three passes. */
  readonly passphraseCost?: CustomWrap["argon2"] | undefined;
}

export type NewKey =
  | { readonly kind: "default" }
  | { readonly kind: "custom"; readonly passphrase: string }
  /** `fingerprint`: of the organization's recovery certificate, as its administrator gave it. */
  | { readonly kind: "corporate"; readonly fingerprint: string };

export interface MadeKit {
  readonly words: readonly string[];
  /** As a file, with whose it is. */
  readonly text: string;
}

/** What was opened, while it is open. */
interface Opened {
  readonly secret: Buffer;
  readonly keys: VaultKeys;
  readonly session: OpenRestoreResponse;
  readonly account: ConsoleRemote;
  readonly settings: Settings;
  readonly address: ServiceAddress;
}

/** Throws what logging in and opening throw, `edit/conflict`, `encryption/not-allowed`, `recovery-certificate/…`. */
export const changeKey = async (options: KeyActOptions, to: NewKey): Promise<WrapChanged> =>
  await withSecret(options, "change-key", async ({ secret, keys, session, account, address }) => {
    const wrap = await makeWrap(secret, keys, { ...options, to, address });
    return await patiently(() => account.changeWrap(session.machine, { wrap, replaces: session.vault.wrapVersion }));
  });

export const makeRecoveryKit = async (options: KeyActOptions): Promise<MadeKit> =>
  await withSecret(options, "recovery-kit", async ({ secret, keys, settings }) => {
    const createdAt = new Date((options.clock ?? systemClock).now());
    const { name, machine, service } = settings;
    const facts = { vault: keys.vault, epoch: keys.epoch, name, machine, service: service.url, createdAt };
    return { words: wordsOf(secret), text: recoveryKitText(secret, facts) };
  });

async function withSecret<T>(
  options: KeyActOptions,
  purpose: "change-key" | "recovery-kit",
  work: (opened: Opened) => Promise<T>,
): Promise<T> {
  const settings = await loadSettings(options.dataFolder);
  const address = settings.service;
  const { token } = await publicRemote(address).login(options.login);
  const account = consoleRemote(address, token);
  try {
    const session = await account.openRestore(settings.machine, { source: "cli", purpose });
    const told = restoreRemote(address, session.token);
    const nothing = { filesRequested: 0, filesRetrieved: 0, bytes: 0 };
    try {
      const { secret, keys } = await unlockSecret(session, options);
      await checkOwn(options.dataFolder, keys);
      const done = await work({ secret, keys, session, account, settings, address });
      await told.progress({ ...nothing, status: "completed" }).catch(() => undefined);
      return done;
    } catch (error) {
      const code = error instanceof HoldfastError ? error.code : "bug/unexpected";
      await told.progress({ ...nothing, status: "failed", code }).catch(() => undefined);
      throw error;
    }
  } finally {
    await account.logout().catch(() => undefined);
  }
}

/** A service that shows another vault must not get this one's secret sealed to something, nor pass its own off as this one's. */
async function checkOwn(dataFolder: string, { readPublic }: VaultKeys): Promise<void> {
  const own = await readKeyFile(keyFilePath(dataFolder));
  if (own && !own.keys.readPublic.equals(readPublic)) throw new HoldfastError("key/not-this-vault");
}

async function makeWrap(
  secret: Buffer,
  keys: VaultKeys,
  {
    to,
    address,
    random = systemRandom,
    passphraseCost,
  }: Pick<KeyActOptions, "random" | "passphraseCost"> & { to: NewKey; address: ServiceAddress },
): Promise<Wrap> {
  switch (to.kind) {
    case "default": {
      const { kek } = await publicRemote(address).facts();
      return await wrapDefault(secret, keys, { id: kek.id, publicKey: Buffer.from(kek.publicKey, "base64") });
    }
    case "custom": {
      const wrap = await wrapCustom(secret, keys, to.passphrase, random, passphraseCost);
      // It takes the place of the only other one: nobody must find out at a restore that it doesn't open.
      if (!equalSecrets(await openCustom(wrap, keys, to.passphrase), secret)) bug("a new wrap does not open");
      return wrap;
    }
    case "corporate": {
      const { certificate } = await publicRemote(address).recoveryCertificate(to.fingerprint);
      return wrapCorporate(secret, keys, trustedCertificate(certificate, to.fingerprint));
    }
  }
}

/** When the answer was lost, the wrap may be there or not: the same one again is harmless. */
async function patiently<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof HoldfastError && error.code === "service/unreachable")) throw error;
    return await call();
  }
}
