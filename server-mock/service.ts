/** The service, put together: folder → records, blobs, keys → rules → routes → a listening socket, and the way back. */
import type { AddressInfo } from "node:net";
import type { FastifyInstance } from "fastify";
import { systemReason } from "../base/system-reason.ts";
import { HoldfastError } from "../protocol/errors.ts";
import { clearStorage } from "./blobs/file-blobs.ts";
import type { Config } from "./config.ts";
import { lockDataFolder, makeDataFolder, openCertificate, storagePath } from "./data-folder.ts";
import { authorize } from "./domain/access.ts";
import type { Domain } from "./domain/domain.ts";
import { clearAfterCrash } from "./domain/housekeeping.ts";
import { authenticate } from "./domain/tokens.ts";
import { fingerprintOf } from "./http/certificate.ts";
import { serviceLog } from "./http/log.ts";
import { registerRoutes } from "./http/register.ts";
import { httpServer } from "./http/server.ts";
import { runJob } from "./jobs/every.ts";
import { serviceJobs } from "./jobs/jobs.ts";
import { type OpenOptions, openDomain } from "./open-domain.ts";
import { openOutside } from "./open-outside.ts";
import { serviceHandlers } from "./routes/handlers.ts";
import { type Address, certificateHosts, isLoopback } from "./settings/listen.ts";

/** Calls in progress may end within this time; then their connections are cut. */
const DRAIN_MS = 10_000;

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
export async function startService(config: Config, options: OpenOptions = {}): Promise<Service> {
  await makeDataFolder(config.data);
  const lock = lockDataFolder(config.data);
  try {
    // Nobody else has the folder: what lies half-made in it belongs to nobody.
    await clearStorage(storagePath(config.data));
    const domain = await openDomain(config.data, { outside: openOutside(config), ...options });
    try {
      await clearAfterCrash(domain);
      return await serve(config, domain, () => lock.release());
    } catch (error) {
      await domain.records.close();
      throw error;
    }
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function serve(config: Config, domain: Domain, release: () => void): Promise<Service> {
  const log = serviceLog(config.log);
  const stopping = new AbortController();
  const { host } = config.listen;
  const { clock, random } = domain;
  const tls = isLoopback(host)
    ? undefined
    : await openCertificate(config.data, { hosts: certificateHosts(host), now: clock.now(), random });
  const app = httpServer({ log, random, tls, isStopping: () => stopping.signal.aborted });
  registerRoutes(app, {
    handlers: serviceHandlers(domain),
    authenticate: (token) => authenticate(domain, token),
    authorize,
  });
  const port = await listen(app, config.listen);
  const onError = (job: string, error: unknown) => log.error({ job, err: error }, "a job failed");
  const jobs = serviceJobs(domain).map((job) => runJob(job, { clock, signal: stopping.signal, onError }));
  const shownHost = host.includes(":") ? `[${host}]` : host;
  const address = `${tls === undefined ? "http" : "https"}://${shownHost}:${port}`;
  log.info({ address }, "listening");

  let closed: Promise<void> | undefined;
  const close = async () => {
    stopping.abort();
    const cut = setTimeout(() => app.server.closeAllConnections(), DRAIN_MS);
    await app.close();
    clearTimeout(cut);
    await Promise.all(jobs);
    await domain.records.close();
    release();
    log.info("stopped");
  };
  return {
    address,
    fingerprint: tls === undefined ? undefined : fingerprintOf(tls.cert),
    domain,
    close: () => {
      closed ??= close();
      return closed;
    },
  };
}

async function listen(app: FastifyInstance, { host, port }: Address): Promise<number> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    await app.close();
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (code === "EADDRINUSE")
      throw new HoldfastError("address/in-use", { address: `${host}:${port}` }, { cause: error });
    throw new HoldfastError(
      "config/invalid",
      { setting: `--listen ${host}:${port}`, reason: systemReason(error) },
      { cause: error },
    );
  }
  // A listening TCP server always has an address of this shape.
  return (app.server.address() as AddressInfo).port;
}
