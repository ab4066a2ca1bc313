/** Many agents at one service process: what it takes in, how long each route takes, what it costs. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { runCommand } from "../measure/run-command.ts";
import { freePort, Service } from "../measure/service.ts";
import { backUp, heartbeat, lookAround, makeFleet, repeat, restore } from "./agents.ts";
import { type Failure, HttpCaller, type RouteTimes } from "./http-caller.ts";

const HEARTBEAT_MS = 30_000;
const BACKUP_MS = 20_000;
const RESTORE_MS = 5000;
const LOOK_MS = 1000;
const CONSOLE_USERS = 20;
const RESTORES = 5;
const BACKING_UP = 0.05;

export interface LoadOptions {
  readonly agents: number;
  readonly seconds: number;
  readonly work: string | undefined;
  /** `postgres://…`; undefined: the embedded database. */
  readonly databaseUrl: string | undefined;
}

export interface LoadResult {
  readonly agents: number;
  readonly seconds: number;
  readonly database: string;
  readonly registeredPerSecond: number;
  readonly callsPerSecond: number;
  readonly ingestBytesPerSecond: number;
  readonly backups: number;
  readonly servicePeakBytes: number;
  /** User and system time of the service by second of the clock; the generator works on the same processors. */
  readonly serviceCpuPerSecond: number;
  readonly generatorCpuPerSecond: number;
  readonly routes: readonly RouteTimes[];
  readonly failures: readonly Failure[];
}

export async function runLoad(options: LoadOptions, say: (line: string) => void): Promise<LoadResult> {
  const { agents, seconds, databaseUrl } = options;
  const folder = mkdtempSync(join(options.work ?? tmpdir(), "holdfast-load-"));
  try {
    const served = await serve(folder, databaseUrl);
    await using service = served.service;
    const caller = new HttpCaller(served.address);
    const { json } = await caller.call("login", { body: served.admin });
    const startedAt = performance.now();
    const fleet = await makeFleet(caller, json.token, agents);
    const registeredPerSecond = agents / ((performance.now() - startedAt) / 1000);
    say(`${agents} machines registered, ${registeredPerSecond.toFixed(0)} a second`);
    caller.forget();
    service.resetPeak();
    const before = { service: service.cpuSeconds(), own: process.cpuUsage(), at: performance.now() };
    const done = await act(caller, fleet, { admin: json.token, seconds });
    const wall = (performance.now() - before.at) / 1000;
    const own = process.cpuUsage(before.own);
    const routes = caller.times().sort((a, b) => b.count - a.count);
    caller.close();
    return {
      agents,
      seconds,
      database: databaseUrl === undefined ? "SQLite" : "PostgreSQL",
      registeredPerSecond,
      callsPerSecond: routes.reduce((sum, { count }) => sum + count, 0) / wall,
      ingestBytesPerSecond: caller.sentBytes / wall,
      backups: done.backups,
      servicePeakBytes: service.peakBytes(),
      serviceCpuPerSecond: (service.cpuSeconds() - before.service) / wall,
      generatorCpuPerSecond: (own.user + own.system) / 1e6 / wall,
      routes,
      failures: caller.failures,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function act(
  caller: HttpCaller,
  { machines, userTokens }: Awaited<ReturnType<typeof makeFleet>>,
  { admin, seconds }: { admin: string; seconds: number },
): Promise<{ backups: number }> {
  const end = new AbortController();
  const { signal } = end;
  const backing = machines.slice(0, Math.max(1, Math.round(machines.length * BACKING_UP)));
  let backups = 0;
  const work = [
    ...machines.map((machine, at) =>
      repeat({ everyMs: HEARTBEAT_MS, part: at / machines.length, signal }, () => heartbeat(caller, machine)),
    ),
    ...backing.map((machine, at) =>
      repeat({ everyMs: BACKUP_MS, part: at / backing.length, signal }, async () => {
        await backUp(caller, machine);
        backups++;
      }),
    ),
    ...backing
      .slice(0, RESTORES)
      .map((machine, at) =>
        repeat({ everyMs: RESTORE_MS, part: at / RESTORES, signal }, () =>
          restore(caller, machine, userTokens[at] ?? ""),
        ),
      ),
    ...Array.from({ length: CONSOLE_USERS }, (_, at) => {
      let step = at;
      return repeat({ everyMs: LOOK_MS, part: at / CONSOLE_USERS, signal }, () => lookAround(caller, admin, step++));
    }),
  ];
  await sleep(seconds * 1000);
  end.abort();
  await Promise.all(work);
  return { backups };
}

export interface Served {
  readonly service: Service;
  readonly address: string;
  readonly data: string;
  readonly admin: { readonly email: string; readonly password: string };
}

const PROGRAM = [process.execPath, "--disable-warning=ExperimentalWarning", "server-mock/main.ts"] as const;

/** A new service process on a free port. `fill` gets its data folder before it starts. */
export async function serve(
  folder: string,
  databaseUrl: string | undefined,
  fill: (data: string) => Promise<void> = async () => undefined,
): Promise<Served> {
  const data = join(folder, "data");
  const env = databaseUrl === undefined ? {} : { HOLDFAST_DATABASE_URL: databaseUrl };
  const { output } = await runCommand({ argv: [...PROGRAM, "init", "--json", "--data", data], env });
  await fill(data);
  const port = await freePort();
  const rates = ["--rate-login", "off", "--rate-address", "off", "--rate-console", "off", "--rate-agent", "off"];
  const listen = ["--listen", `127.0.0.1:${port}`, "--log", "silent"];
  const service = await Service.start({ argv: [...PROGRAM, "start", "--data", data, ...listen, ...rates], env }, port);
  return { service, address: `http://127.0.0.1:${port}`, data, admin: JSON.parse(output).admin };
}
