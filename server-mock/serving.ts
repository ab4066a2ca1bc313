/** The service's outer side: a socket that listens, jobs that run, and their end. */
import { readFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { createSecureContext, Server } from "node:tls";
import type { FastifyInstance } from "fastify";
import { systemReason } from "../base/system-reason.ts";
import { HoldfastError } from "../protocol/errors.ts";
import type { Config } from "./config.ts";
import { openCertificate } from "./data-folder.ts";
import { authorize } from "./domain/access/access.ts";
import { type ConsoleCaller, describeCaller } from "./domain/access/callers.ts";
import { authenticate } from "./domain/access/tokens.ts";
import type { Domain } from "./domain/domain.ts";
import { onceADay } from "./domain/repeats.ts";
import { CallMeter } from "./http/call-meter.ts";
import { type Certificate, fingerprintOf } from "./http/certificate.ts";
import { serveConsole } from "./http/console-files.ts";
import { serviceLog } from "./http/log.ts";
import { RateLimits } from "./http/rate-limits.ts";
import { registerRoutes } from "./http/register.ts";
import { httpServer } from "./http/server.ts";
import type { Pace } from "./http/slow-bodies.ts";
import { runJob } from "./jobs/every.ts";
import { serviceJobs } from "./jobs/jobs.ts";
import { serveMetrics } from "./metrics/serve-metrics.ts";
import { serviceHandlers } from "./routes/handlers.ts";
import { type Address, certificateHosts, isLoopback } from "./settings/listen.ts";
import type { WebRestores } from "./web-restore/web-restores.ts";

export interface Serving {
  readonly address: string;
  readonly fingerprint: string | undefined;
  /** Reads the operator's own certificate again; the one in use stays when it can't be used: throws `config/invalid`. */
  renewCertificate(): Promise<void>;
  /** Not ready at once; lets calls end for as long as the settings say, then cuts them. */
  close(): Promise<void>;
}

export interface ServeOptions {
  /** For tests: how slow a body may be. */
  readonly pace?: Pace | undefined;
  /** For tests: the folder with the built console. */
  readonly consoleFolder?: string | undefined;
}

export async function serve(
  config: Config,
  domain: Domain,
  { pace, consoleFolder }: ServeOptions = {},
): Promise<Serving> {
  const log = serviceLog(config.log);
  const stopping = new AbortController();
  const { signal } = stopping;
  const { clock, random } = domain;
  const tls = await certificateOf(config, domain);
  const meter = new CallMeter();
  const limits = rateLimits(config, domain);
  const { connections: connectionsMax, trustProxy } = config;
  const isStopping = () => signal.aborted;
  const app = httpServer({ log, random, tls, isStopping, limits, connectionsMax, trustProxy, meter, pace });
  const metrics = serveMetrics(app, { domain, meter, token: config.metricsToken });
  serveConsole(app, { random, folder: consoleFolder });
  registerRoutes(app, {
    handlers: serviceHandlers(domain, webRestores(domain, signal)),
    authenticate: (token) => authenticate(domain, token),
    authorize: (caller, route) => authorize(domain, caller, route),
    limits,
    once: (caller, request, work) =>
      caller.audience === "console" ? onceADay(domain, { account: repeaterOf(caller), ...request }, work) : once(work),
    describe: describeCaller,
  });
  const port = await listen(app, config.listen);
  const watcher = {
    onTurn: (job: string, turn: { ms: number; error?: unknown }) => {
      metrics.onTurn(job, turn);
      if (turn.error !== undefined) log.error({ job, err: turn.error }, "a job failed");
    },
  };
  const jobs = serviceJobs(domain).map((job) => runJob(job, { clock, signal, watcher }));
  const address = addressOf(config.listen.host, port, tls !== undefined);
  log.info({ address }, "listening");
  return {
    address,
    fingerprint: tls === undefined ? undefined : fingerprintOf(tls.cert),
    async renewCertificate() {
      if (config.tlsCert === undefined || !(app.server instanceof Server)) return;
      // For connections from now on; those that are open go on with what they began with.
      app.server.setSecureContext({ ...(await certificateOf(config, domain)), minVersion: "TLSv1.3" });
    },
    async close() {
      stopping.abort();
      log.info({ running: meter.running }, "stopping");
      // Still listening: whoever asks is told that this service is not ready, instead of finding nobody.
      const cut = delayed(config.drainSeconds * 1000);
      await Promise.race([meter.idle(), cut.passed]);
      const closed = app.close();
      await Promise.race([Promise.all([closed, ...jobs]), cut.passed]);
      app.server.closeAllConnections();
      await closed;
      cut.cancel();
      log.info("stopped");
    },
  };
}

/** One for the process, made when somebody asks for it: it brings what reads vaults. */
function webRestores(domain: Domain, signal: AbortSignal): () => Promise<WebRestores> {
  let made: Promise<WebRestores> | undefined;
  return () => {
    made ??= import("./web-restore/web-restores.ts").then(({ WebRestores }) => new WebRestores(domain, signal));
    return made;
  };
}

/** Whoever acts in a user's name is somebody else: the user's answers may hold what only the user may see. */
const repeaterOf = ({ account, actor }: ConsoleCaller): string =>
  actor === undefined ? account.id : `${account.id}/${actor.id}`;

const once = async <Answer>(work: () => Promise<Answer>) => ({ answer: await work(), isRepeat: false });

function delayed(ms: number): { passed: Promise<void>; cancel(): void } {
  let timer: NodeJS.Timeout | undefined;
  const passed = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  return { passed, cancel: () => clearTimeout(timer) };
}

function rateLimits(config: Config, { clock }: Domain): RateLimits {
  const { rateAddress: address, rateLogin: login, rateAgent: agent, rateConsole, rateExport } = config;
  return new RateLimits({ address, login, agent, console: rateConsole, export: rateExport }, clock);
}

/** The operator's own, else a self-made one beyond loopback. */
async function certificateOf(config: Config, { clock, random }: Domain): Promise<Certificate | undefined> {
  const { host } = config.listen;
  if (config.tlsCert !== undefined && config.tlsKey !== undefined)
    return await readCertificate(config.tlsCert, config.tlsKey);
  if (isLoopback(host)) return undefined;
  return await openCertificate(config.data, { hosts: certificateHosts(host), now: clock.now(), random });
}

async function readCertificate(certPath: string, keyPath: string): Promise<Certificate> {
  const read = { cert: await readPem(certPath, "tlsCert"), key: await readPem(keyPath, "tlsKey") };
  try {
    createSecureContext(read);
    return read;
  } catch (error) {
    const data = { setting: `tlsCert ${certPath}`, reason: "it is no certificate that fits its key" };
    throw new HoldfastError("config/invalid", data, { cause: error });
  }
}

async function readPem(path: string, name: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const data = { setting: `${name} ${path}`, reason: systemReason(error) };
    throw new HoldfastError("config/invalid", data, { cause: error });
  }
}

function addressOf(host: string, port: number, isTls: boolean): string {
  const shownHost = host.includes(":") ? `[${host}]` : host;
  return `${isTls ? "https" : "http"}://${shownHost}:${port}`;
}

async function listen(app: FastifyInstance, { host, port }: Address): Promise<number> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    await app.close();
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (code === "EADDRINUSE")
      throw new HoldfastError("address/in-use", { address: `${host}:${port}` }, { cause: error });
    const data = { setting: `--listen ${host}:${port}`, reason: systemReason(error) };
    throw new HoldfastError("config/invalid", data, { cause: error });
  }
  // A listening TCP server always has an address of this shape.
  return (app.server.address() as AddressInfo).port;
}
