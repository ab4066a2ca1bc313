/** Moves this machine's write keys and token between the file and the system's keystore. */
import { HoldfastError } from "../protocol/errors.ts";
import { findKeyStoring, type KeyStoring, keyFilePath, readKeyFile, writeKeyFile } from "./keys/key-file.ts";
import { type Keystore, systemKeystore } from "./keys/keystore.ts";
import { settingsPath } from "./settings.ts";

/** A crash leaves the file as it was or as it will be; both open. Throws `keystore/unavailable`, `settings/not-registered`. */
export async function storeKeys(
  dataFolder: string,
  to: KeyStoring,
  keystore: Keystore = systemKeystore,
): Promise<void> {
  const path = keyFilePath(dataFolder);
  const secrets = await readKeyFile(path, keystore);
  if (!secrets) throw new HoldfastError("settings/not-registered", { path: settingsPath(dataFolder) });
  if ((await findKeyStoring(path)) === to) return;
  if (to === "keystore") return await writeKeyFile(path, secrets, keystore);
  await writeKeyFile(path, secrets);
  // Only now nothing needs it.
  await keystore.remove(secrets.keys.vault.toString("hex"));
}

export const whereKeysAre = (dataFolder: string): Promise<KeyStoring> => findKeyStoring(keyFilePath(dataFolder));
