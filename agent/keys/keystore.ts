/**
 * The system's keystore: Keychain, Credential Manager, or a Secret Service (GNOME Keyring, KWallet). Small secrets under a name, for whoever is logged in.
 * The only importer of its library, which is loaded when somebody has asked for it: it is native, and may be missing.
 */
import { HoldfastError } from "../../protocol/errors.ts";

export interface Keystore {
  put(name: string, secret: Buffer): Promise<void>;
  /** undefined: there is none of that name. */
  find(name: string): Promise<Buffer | undefined>;
  remove(name: string): Promise<void>;
}

const APPLICATION = "holdfast";
/** The kernel's own store forgets everything when the machine starts anew. */
const OPTIONS = { linux: { store: "secret-service" } } as const;
/** A keystore that asks its person to unlock it has so long. */
const PATIENCE_MS = 60_000;

/** Each throws `keystore/unavailable`. */
export const systemKeystore: Keystore = {
  put: (name, secret) => using(name, (entry, signal) => entry.setSecret(secret, signal)),
  find: (name) =>
    using(name, async (entry, signal) => {
      const found = await entry.getSecret(signal);
      return found ? Buffer.from(found) : undefined;
    }),
  remove: (name) =>
    using(name, async (entry, signal) => {
      await entry.deleteCredential(signal);
    }),
};

type Entry = InstanceType<typeof import("@napi-rs/keyring").AsyncEntry>;

async function using<T>(name: string, work: (entry: Entry, signal: AbortSignal) => Promise<T>): Promise<T> {
  try {
    const { AsyncEntry } = await import("@napi-rs/keyring");
    return await work(new AsyncEntry(APPLICATION, name, OPTIONS), AbortSignal.timeout(PATIENCE_MS));
  } catch (cause) {
    const reason = cause instanceof Error ? (cause.message.split("\n", 1)[0] ?? "") : String(cause);
    throw new HoldfastError("keystore/unavailable", { reason }, { cause });
  }
}
