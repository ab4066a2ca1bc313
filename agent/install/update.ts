/**
 * Takes a new version of the agent, when its owner wants that and its publisher has signed it. The order is the safety: believe the manifest, remember
 * its serial, fetch beside, check every byte, try it, keep the old one, and only then rename. Whatever fails before leaves all as it was.
 */
import { execFile } from "node:child_process";
import { link, open, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Clock } from "../../base/clock.ts";
import { sha256Stream } from "../../base/digest.ts";
import { syncFolder, writeDurably } from "../../base/durable-file.ts";
import { systemReason } from "../../base/system-reason.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import type { UpdateFile } from "../../protocol/messages/updates.ts";
import { believe, type Choice, chooseUpdate, type Running, refused } from "./manifest.ts";

/** The service, as far as updates go. */
export interface UpdateSource {
  /** `undefined`: there is none. */
  updateManifest(signal?: AbortSignal): Promise<Uint8Array | undefined>;
  updateFile(digest: string, signal?: AbortSignal): AsyncIterable<Uint8Array>;
}

export interface UpdateOptions {
  readonly dataFolder: string;
  /** What the policy and the machine's owner say together. */
  readonly isWanted: boolean;
  readonly keys: readonly string[];
  readonly running: Running;
  /** The single file that runs; `undefined`: installed in another way, and renewed in that, or on Windows, where a running file can't be replaced. */
  readonly program: string | undefined;
  readonly source: UpdateSource;
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
}

export type UpdateOutcome =
  | { readonly kind: "off" }
  | { readonly kind: "none" }
  | { readonly kind: "stay"; readonly version: string; readonly because: Extract<Choice, { kind: "stay" }>["because"] }
  /** A newer one is there, and somebody must install it. */
  | { readonly kind: "told"; readonly version: string }
  /** It is in place: the agent runs it when it is started again. */
  | { readonly kind: "placed"; readonly version: string };

/** Throws `update/refused`, and what the service answers. */
export async function updateIfWanted(options: UpdateOptions): Promise<UpdateOutcome> {
  const { dataFolder, isWanted, keys, running, program, source, clock, signal } = options;
  if (!isWanted || keys.length === 0) return { kind: "off" };
  const bytes = await source.updateManifest(signal);
  if (bytes === undefined) return { kind: "none" };
  const serialSeen = await readSerial(dataFolder);
  const manifest = believe(bytes, { keys, nowMs: clock.now(), serialSeen });
  // Remembered before anything is done with it: from now on no older one counts.
  if (manifest.serial > serialSeen) await writeDurably(serialPath(dataFolder), Buffer.from(`${manifest.serial}\n`));
  const { version } = manifest;
  const choice = chooseUpdate(manifest, running);
  if (choice.kind === "stay")
    return choice.because === "newest" ? { kind: "none" } : { kind: "stay", version, because: choice.because };
  if (program === undefined) return { kind: "told", version };
  await place(program, choice.file, version, options);
  return { kind: "placed", version };
}

/** Where the version before lies, for going back: rename it to the program's name. */
export const previousOf = (program: string): string => `${program}.previous`;

async function place(program: string, file: UpdateFile, version: string, options: UpdateOptions): Promise<void> {
  const beside = `${program}.new`;
  try {
    await fetchChecked(beside, file, options);
    await tryOut(beside, version);
    const kept = `${program}.kept`;
    await rm(kept, { force: true });
    await link(program, kept);
    await rename(kept, previousOf(program));
    await rename(beside, program);
    await syncFolder(dirname(program));
  } catch (error) {
    await rm(beside, { force: true }).catch(() => undefined);
    if (error instanceof HoldfastError || options.signal?.aborted) throw error;
    throw refused(`it can't be put in place at ${program}: ${systemReason(error)}`, error);
  }
}

async function fetchChecked(path: string, file: UpdateFile, { source, signal }: UpdateOptions): Promise<void> {
  await rm(path, { force: true });
  const out = await open(path, "wx", 0o700);
  try {
    const digest = sha256Stream();
    let bytes = 0;
    for await (const piece of source.updateFile(file.sha256, signal)) {
      bytes += piece.length;
      // A service that never stops sending fills no disk.
      if (bytes > file.sizeBytes) throw refused(`${file.name} is longer than its manifest says`);
      digest.update(piece);
      await out.writeFile(piece);
    }
    if (bytes !== file.sizeBytes || digest.digest("hex") !== file.sha256)
      throw refused(`${file.name} is not what its manifest says`);
    await out.chmod(0o755);
    await out.sync();
  } finally {
    await out.close();
  }
}

const TRY_MS = 60_000;

/** What can't even say its version on this machine takes nobody's place. */
async function tryOut(path: string, version: string): Promise<void> {
  const said = await new Promise<string>((resolve) => {
    execFile(path, ["--version"], { timeout: TRY_MS, encoding: "utf8" }, (error, stdout) =>
      resolve(error ? `nothing (${systemReason(error)})` : stdout.trim()),
    );
  });
  if (said !== version) throw refused(`the new program does not run here: it says ${said}, not ${version}`);
}

const serialPath = (dataFolder: string): string => join(dataFolder, "update-serial");

/** 0 when none was ever believed. Throws `update/refused` when it can't be read: then an old one could come back. */
async function readSerial(dataFolder: string): Promise<number> {
  const text = await readFile(serialPath(dataFolder), "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "0";
    throw refused(`${serialPath(dataFolder)} can't be read: ${systemReason(error)}`, error);
  });
  const serial = Number(text.trim());
  if (!Number.isSafeInteger(serial) || serial < 0) throw refused(`${serialPath(dataFolder)} holds no serial`);
  return serial;
}
