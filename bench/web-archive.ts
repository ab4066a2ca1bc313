/**
 * Archives packed by the service: megabytes a second, processor's time, and what memory the service's process takes while it streams one. A folder of
 * half-compressible files is backed up with the real agent, opened in the browser's way, and downloaded in each format.
 *
 *     node bench/web-archive.ts [megabytes]      (600)
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeWorld } from "../test/support/world.ts";
import { peakBytes, processSeconds, resetPeak } from "./measure/proc.ts";

const MEGABYTES = Number(process.argv[2] ?? 600);
const SMALL = 2000;

const world = await makeWorld();
try {
  const source = world.at("source");
  fill(source);
  const machine = await world.machine("bench");
  const { code } = await machine.json("backup", source);
  if (code !== 0) throw new Error("the backup failed");
  const call = await caller();
  const opened = await call("POST", `/v1/machines/${machine.id}/web-restores`, {});
  for (const format of ["tar", "zip", "tar.gz"]) {
    const parts = [{ snapshot: 1, paths: [source] }];
    const archive = await call("POST", `/v1/web-restores/${opened.id}/archives`, { parts, format });
    while ((await call("GET", `/v1/archives/${archive.id}`)).status === "running") await pause(50);
    await download(format, archive.link.path);
  }
} finally {
  await world.remove();
}

/** Nine tenths large files, the rest small ones; half of each block is noise. */
function fill(folder: string): void {
  mkdirSync(join(folder, "small"), { recursive: true });
  let seed = 1;
  const bytes = (length: number) => {
    const block = Buffer.alloc(length);
    for (let at = 0; at < length; at += 2) {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      block[at] = seed >>> 24;
    }
    return block;
  };
  for (let number = 0; number < 9; number++)
    writeFileSync(join(folder, `large-${number}`), bytes((MEGABYTES / 10) * 1_000_000));
  for (let number = 0; number < SMALL; number++)
    writeFileSync(join(folder, "small", `file-${number}`), bytes(Math.floor(((MEGABYTES / 10) * 1_000_000) / SMALL)));
}

async function caller() {
  const { url, credentials } = world.service;
  // biome-ignore lint/suspicious/noExplicitAny: answers of several shapes.
  const ask = async (method: string, path: string, body?: object, token?: string): Promise<any> => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { "content-type": "application/json", ...(token ? { authorization: `Bearer ${token}` } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`);
    return await response.json();
  };
  const { token } = await ask("POST", "/v1/login", credentials.user);
  return (method: string, path: string, body?: object) => ask(method, path, body, token);
}

async function download(format: string, path: string): Promise<void> {
  const pid = servicePid();
  const before = { at: performance.now(), processor: processSeconds(pid) };
  resetPeak([pid]);
  const memoryBefore = peakBytes([pid]);
  const response = await fetch(`${world.service.url}${path}`);
  let bytes = 0;
  if (response.body !== null) for await (const piece of response.body) bytes += piece.length;
  const seconds = (performance.now() - before.at) / 1000;
  const processor = processSeconds(pid) - before.processor;
  const row = {
    format,
    "MB of files": MEGABYTES,
    "MB sent": Math.round(bytes / 1e6),
    "MB/s of files": Math.round(MEGABYTES / seconds),
    "processor s": Number(processor.toFixed(2)),
    "memory before, MiB": Math.round(memoryBefore / 2 ** 20),
    "memory at most, MiB": Math.round(peakBytes([pid]) / 2 ** 20),
  };
  console.log(JSON.stringify(row));
}

/** The only child of ours that lasts. */
function servicePid(): number {
  const children = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, "utf8").trim().split(" ");
  return Number(children[0]);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
