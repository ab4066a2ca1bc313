/** A dry run: what a backup of this machine would select, without reading contents or talking to the service. */
import { resolve } from "node:path";
import type { Problem } from "../protocol/messages/sessions.ts";
import { catalogPath, shownPath } from "./disk/disk-path.ts";
import { configuredRules } from "./disk/ignore-rules.ts";
import { walk } from "./disk/walk.ts";

export interface ScanOptions {
  readonly dataFolder: string;
  readonly roots: readonly string[];
  readonly excludes: readonly string[];
  readonly oneFileSystem: boolean;
  readonly onProgress?: (seen: { readonly files: number; readonly bytes: number; readonly path: Buffer }) => void;
  readonly signal?: AbortSignal;
}

export interface ScanReport {
  readonly files: number;
  readonly folders: number;
  readonly bytes: number;
  readonly problems: readonly Problem[];
}

/** The walk is synchronous: others get a turn after so many things. */
const STEPS_PER_TURN = 5_000;

export async function scanOwn(options: ScanOptions): Promise<ScanReport> {
  const problems: Problem[] = [];
  const seen = { files: 0, folders: 0, bytes: 0 };
  const found = walk({
    roots: options.roots.map((root) => catalogPath(resolve(root))),
    oneFileSystem: options.oneFileSystem,
    configured: configuredRules(options.excludes, "settings"),
    leftOut: [catalogPath(resolve(options.dataFolder))],
    onProblem: ({ path, error }) => problems.push({ path: shownPath(path), code: error.code, message: error.message }),
  });
  let steps = 0;
  for (const { type, path, sizeBytes } of found) {
    if (type === "folder") seen.folders++;
    else seen.files++;
    seen.bytes += sizeBytes;
    if (++steps % STEPS_PER_TURN !== 0) continue;
    options.onProgress?.({ files: seen.files, bytes: seen.bytes, path });
    await new Promise(setImmediate);
    options.signal?.throwIfAborted();
  }
  return { ...seen, problems };
}
