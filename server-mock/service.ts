/** The service, put together: folder → records, blobs, keys → rules → routes → a listening socket, and the way back. */
import { clearStorage } from "./blobs/file-blobs.ts";
import type { Config } from "./config.ts";
import { lockDataFolder, makeDataFolder, storagePath } from "./data-folder.ts";
import type { Domain } from "./domain/domain.ts";
import { clearAfterCrash } from "./domain/housekeeping.ts";
import { type OpenOptions, openDomain } from "./open-domain.ts";
import { openOutside } from "./open-outside.ts";
import { type ServeOptions, serve } from "./serving.ts";

export interface Service {
  /** `http://127.0.0.1:8470`, with the port that was really taken. */
  readonly address: string;
  /** SHA-256 of the certificate's public key in hex groups; undefined on loopback, where there is none. */
  readonly fingerprint: string | undefined;
  readonly domain: Domain;
  /** Accepts nothing new, lets calls end, closes everything. */
  close(): Promise<void>;
}

/** Throws `config/invalid`, `address/in-use`, `service/running`. */
export async function startService(config: Config, options: OpenOptions & ServeOptions = {}): Promise<Service> {
  await makeDataFolder(config.data);
  const lock = lockDataFolder(config.data);
  try {
    // Nobody else has the folder: what lies half-made in it belongs to nobody.
    await clearStorage(storagePath(config.data));
    const domain = await openDomain(config.data, { outside: openOutside(config), ...options });
    try {
      await clearAfterCrash(domain);
      const serving = await serve(config, domain, options);
      let closed: Promise<void> | undefined;
      const close = async () => {
        await serving.close();
        await domain.records.close();
        lock.release();
      };
      return {
        ...serving,
        domain,
        close: () => {
          closed ??= close();
          return closed;
        },
      };
    } catch (error) {
      await domain.records.close();
      throw error;
    }
  } catch (error) {
    lock.release();
    throw error;
  }
}
