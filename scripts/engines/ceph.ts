/**
 * A real S3 server for tests: Ceph's gateway with one monitor and one object store, from Debian's or Ubuntu's packages, on loopback, all it writes in
 * one folder. No manager daemon: one store needs none. `kill` ends all at one moment, as a power cut would.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { createConnection } from "node:net";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { freePort } from "../../test/support/free-port.ts";

const PACKAGES = ["ceph-mon", "ceph-osd", "radosgw", "ceph-common"];
const PROGRAMS = ["ceph", "ceph-authtool", "ceph-mon", "ceph-osd", "monmaptool", "radosgw", "radosgw-admin"];
const READY_MS = 90_000;

export interface S3Server {
  readonly endpoint: string;
  readonly accessKey: string;
  readonly secretKey: string;
  stop(): Promise<void>;
  /** SIGKILL to all of it at once; `startCeph` on the same folder starts it again with what it had. */
  kill(): Promise<void>;
}

/** Installs what is missing when it may. Answers why there is no S3 server here, or undefined when there is. */
export function installCeph(): string | undefined {
  if (missing().length === 0) return undefined;
  if (spawnSync("apt-get", ["--version"]).status !== 0) return "there is no apt-get to install Ceph with";
  const may = process.getuid?.() === 0 ? [] : ["sudo", "-n"];
  const apt = (...words: string[]) => {
    const [program = "", ...rest] = [...may, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", ...words];
    return spawnSync(program, rest, { encoding: "utf8" });
  };
  apt("update");
  const installed = apt("install", "-y", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300", ...PACKAGES);
  // A package's own set-up may fail where there is no systemd; only its programs matter.
  return missing().length === 0 ? undefined : `Ceph can't be installed: ${installed.stderr.trim().split("\n").at(-1)}`;
}

const missing = (): string[] =>
  PROGRAMS.filter((program) => spawnSync("sh", ["-c", `command -v ${program}`]).status !== 0);

/** In a folder on a real disk (`isDurable`), or in memory. */
export async function startCeph(folder: string, { isDurable = false } = {}): Promise<S3Server> {
  const cluster = await clusterIn(folder, isDurable);
  const daemons: Daemon[] = [];
  const kill = async () => {
    for (const daemon of daemons) daemon.child.kill("SIGKILL");
    await Promise.all(daemons.map(({ ended }) => ended));
  };
  const atExit = () => {
    for (const daemon of daemons) daemon.child.kill("SIGKILL");
  };
  process.once("exit", atExit);
  try {
    await startMonitor(cluster, daemons);
    await startStore(cluster, daemons);
    await startGateway(cluster, daemons);
  } catch (error) {
    await kill();
    throw error;
  }
  return {
    endpoint: `http://127.0.0.1:${cluster.gatewayPort}`,
    accessKey: ACCESS_KEY,
    secretKey: SECRET_KEY,
    async stop() {
      process.off("exit", atExit);
      // The gateway first: it needs the others to end in order.
      for (const daemon of daemons.toReversed()) await daemon.stop();
    },
    async kill() {
      process.off("exit", atExit);
      await kill();
    },
  };
}

const ACCESS_KEY = "holdfast-tests";
const SECRET_KEY = "only-for-tests-on-loopback";

interface Cluster {
  readonly folder: string;
  readonly config: string;
  readonly monitorPort: number;
  readonly gatewayPort: number;
}

/** Ports, ids and keys stay with the folder. */
async function clusterIn(folder: string, isDurable: boolean): Promise<Cluster> {
  for (const name of ["mon", "osd", "log", "run"]) mkdirSync(join(folder, name), { recursive: true, mode: 0o700 });
  const remembered = join(folder, "cluster.json");
  if (!existsSync(remembered)) {
    const made = { id: randomUUID(), monitorPort: await freePort(), gatewayPort: await freePort(), isDurable };
    writeFileSync(remembered, JSON.stringify(made));
  }
  const { id, ...ports } = JSON.parse(readFileSync(remembered, "utf8"));
  const cluster: Cluster = { folder, config: join(folder, "ceph.conf"), ...ports };
  writeFileSync(cluster.config, configOf(cluster, id, ports.isDurable));
  if (!existsSync(join(folder, "keyring"))) makeKeys(folder);
  return cluster;
}

const configOf = ({ folder, monitorPort, gatewayPort }: Cluster, id: string, isDurable: boolean): string => `
[global]
fsid = ${id}
mon host = [v2:127.0.0.1:${monitorPort}/0]
public addr = 127.0.0.1
cluster addr = 127.0.0.1
ms bind msgr1 = false
ms bind ipv6 = false
run dir = ${folder}/run
admin socket = ""
pid file = ""
log file = ${folder}/log/$name.log
crash dir = ${folder}/log
keyring = ${folder}/keyring
auth allow insecure global id reclaim = false
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 4
osd pool default pgp num = 4
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon allow pool size one = true
mon max pg per osd = 1000

[mon]
mon data = ${folder}/mon
mon cluster log to file = false
mon data avail warn = 2
mon data avail crit = 1
# Changes of the map at once: a fresh start takes seconds, not a minute.
paxos propose interval = 0.05
paxos min wait = 0.02

[osd]
osd data = ${folder}/osd
osd objectstore = ${isDurable ? "bluestore" : "memstore"}
osd memory target = 1G
osd max object name len = 2048
osd class update on start = false
# A gateway that was killed leaves a watch behind; the next change of a bucket waits until it runs out, 30 seconds by default.
osd client watch timeout = 3
bluestore block create = true
bluestore block size = ${20 * 2 ** 30}
bluestore fsck on mount = false
memstore device bytes = ${4 * 2 ** 30}

[client]
objecter tick interval = 0.5
objecter timeout = 1
rgw data = ${folder}/run
# Without tcp_nodelay each small request waits 40 ms for nothing.
rgw frontends = beast endpoint=127.0.0.1:${gatewayPort} tcp_nodelay=1
rgw thread pool size = 64
rgw rados pool pg num min = 4
rgw enable usage log = false
rgw dynamic resharding = false
`;

function makeKeys(folder: string): void {
  const key = () => run("ceph-authtool", ["--gen-print-key"]).trim();
  const section = (name: string, caps: Readonly<Record<string, string>>) => {
    const lines = Object.entries(caps).map(([daemon, may]) => `\tcaps ${daemon} = "${may}"\n`);
    return `[${name}]\n\tkey = ${key()}\n${lines.join("")}`;
  };
  const all = [
    section("mon.", { mon: "allow *" }),
    section("client.admin", { mon: "allow *", osd: "allow *" }),
    section("client.rgw", { mon: "allow rw", osd: "allow rwx" }),
  ];
  writeFileSync(join(folder, "keyring"), all.join(""), { mode: 0o600 });
}

async function startMonitor({ folder, config, monitorPort }: Cluster, daemons: Daemon[]): Promise<void> {
  if (!existsSync(join(folder, "mon", "store.db"))) {
    const { id } = JSON.parse(readFileSync(join(folder, "cluster.json"), "utf8"));
    const map = join(folder, "monmap");
    run("monmaptool", ["--create", "--clobber", "--fsid", id, "--addv", "a", `[v2:127.0.0.1:${monitorPort}]`, map]);
    run("ceph-mon", ["-c", config, "-i", "a", "--mkfs", "--monmap", map, "--keyring", join(folder, "keyring")]);
  }
  const words = ["-c", config, "-i", "a", "-f", "--public-addr", `127.0.0.1:${monitorPort}`];
  const monitor = daemon(folder, "ceph-mon", words, daemons);
  await monitor.until("it listens", () => answers(monitorPort));
}

async function startStore({ folder, config }: Cluster, daemons: Daemon[]): Promise<void> {
  if (!existsSync(join(folder, "osd", "ready"))) {
    const id = randomUUID();
    const key = run("ceph-authtool", ["--gen-print-key"]).trim();
    run("ceph", ["-c", config, "osd", "new", id, "0", "-i", "-"], JSON.stringify({ cephx_secret: key }));
    writeFileSync(join(folder, "osd", "keyring"), `[osd.0]\n\tkey = ${key}\n`, { mode: 0o600 });
    run("ceph-osd", ["-c", config, "-i", "0", "--mkfs", "--osd-uuid", id, "--keyring", join(folder, "osd", "keyring")]);
  }
  const log = join(folder, "log", "osd.0.log");
  const before = existsSync(log) ? readFileSync(log).length : 0;
  const words = ["-c", config, "-i", "0", "-f", "--keyring", join(folder, "osd", "keyring")];
  const store = daemon(folder, "ceph-osd", words, daemons);
  // After a crash the map still shows where it was before; a gateway started now would ask there for a quarter of a minute.
  const isActive = () => existsSync(log) && readFileSync(log).subarray(before).includes("state: booting -> active");
  await store.until("it is part of the cluster", async () => isActive());
}

async function startGateway({ folder, config, gatewayPort }: Cluster, daemons: Daemon[]): Promise<void> {
  const words = ["user", "create", "--uid", "tests", "--display-name", "tests"];
  const user = join(folder, "user");
  if (!existsSync(user)) {
    run("radosgw-admin", ["-c", config, ...words, "--access-key", ACCESS_KEY, "--secret-key", SECRET_KEY]);
    writeFileSync(user, "");
  }
  const gateway = daemon(folder, "radosgw", ["-c", config, "-n", "client.rgw", "-f"], daemons);
  await gateway.until("it answers", async () => {
    const answer = await fetch(`http://127.0.0.1:${gatewayPort}/`).catch(() => undefined);
    return answer?.ok ?? false;
  });
}

interface Daemon {
  readonly child: ChildProcess;
  readonly ended: Promise<void>;
  until(what: string, is: () => Promise<boolean>): Promise<void>;
  stop(): Promise<void>;
}

function daemon(folder: string, program: string, words: readonly string[], all: Daemon[]): Daemon {
  const output = join(folder, "log", `${program}.out`);
  const said = openSync(output, "a");
  const child = spawn(program, words, { stdio: ["ignore", said, said], cwd: "/" });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  const made: Daemon = {
    child,
    ended,
    async until(what, is) {
      for (let waitedMs = 0; !(await is()); waitedMs += 100) {
        if (hasEnded() || waitedMs > READY_MS)
          throw new Error(`${program}: ${what}: no. ${readFileSync(output, "utf8").slice(-2000)}`);
        await wait(100);
      }
    },
    async stop() {
      child.kill("SIGTERM");
      // The gateway lingers on idle connections and holds nothing that could be lost.
      const impatient = setTimeout(() => child.kill("SIGKILL"), 5000);
      await ended;
      clearTimeout(impatient);
    },
  };
  all.push(made);
  return made;
}

function run(program: string, words: readonly string[], input = ""): string {
  const ran = spawnSync(program, words, { encoding: "utf8", input, timeout: READY_MS, cwd: "/" });
  if (ran.status !== 0) throw new Error(`${program}: ${ran.stderr}${ran.error ?? ""}`);
  return ran.stdout;
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = createConnection({ host: "127.0.0.1", port });
    const answer = (is: boolean) => {
      socket.destroy();
      resolve(is);
    };
    socket.once("connect", () => answer(true)).once("error", () => answer(false));
  });
