/** The service, put together: folder → records, blobs, keys → rules → routes → a listening socket, and the way back. */
import type { Config } from "./config.ts";
import { lockDataFolder, makeDataFolder } from "./data-folder.ts";
import { clearAfterCrash } from "./domain/backup/clear-after-crash.ts";
import type { Domain } from "./domain/domain.ts";
import { enginesOf } from "./engines.ts";
import { type OpenOptions, openDomain } from "./open-domain.ts";
import { clearIncoming } from "./open-engines.ts";
import { openOutside } from "./open-outside.ts";
import { type ServeOptions, serve } from "./serving.ts";

export interface Service {
  /** `http://127.0.0.1:8470`, with the port that was really taken. */
  readonly address: string;
  /** SHA-256 of the certificate's public key in hex groups; undefined on loopback, where there is none. */
  readonly fingerprint: string | undefined;
  readonly domain: Domain;
  /** See `Serving`. */
  renewCertificate(): Promise<void>;
  /** Accepts nothing new, lets calls end, closes everything. */
  close(): Promise<void>;
}

/** Throws `config/invalid`, `address/in-use`, `service/running`. */
export async function startService(config: Config, options: OpenOptions & ServeOptions = {}): Promise<Service> {
  await makeDataFolder(config.data);
  const { engines = enginesOf(config) } = options;
  // A database that several processes may share has its own ways to tell them apart.
  const lock = engines.databaseUrl === undefined ? lockDataFolder(config.data) : { release: () => undefined };
  try {
    const domain = await openDomain(config.data, { outside: openOutside(config), ...options, engines });
    try {
      await clearIncoming(config.data, engines, domain.processes);
      // Others may be in the middle of something; a job of theirs or ours waits for its end.
      if (!domain.processes.isShared) await clearAfterCrash(domain);
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
