/** Planned files made real: content, modes and whole-second times that depend on the plan only. */
import { chmodSync, mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type ContentKind, content } from "./content.ts";
import { seededRandom } from "./seeded-random.ts";

export const FIRST_MTIME_S = 1_700_000_000;

export interface PlannedFile {
  /** Relative, with forward slashes. */
  readonly path: string;
  readonly size: number;
  readonly kind: ContentKind;
  /** Files of equal key, size and kind have equal content. */
  readonly key: number;
}

export function writeTree(folder: string, seed: number, files: readonly PlannedFile[]): void {
  const folders = new Set<string>();
  for (const { path } of files)
    for (let above = dirname(path); above !== "." && !folders.has(above); above = dirname(above)) folders.add(above);
  for (const each of folders) mkdirSync(join(folder, each), { recursive: true });
  for (const { path, size, kind, key } of files) {
    const file = join(folder, path);
    writeFileSync(file, content(seededRandom(seed, "file", key), kind, size));
    chmodSync(file, key % 11 === 0 ? 0o600 : 0o644);
    setTime(file, key);
  }
  settleTimes(folder, folders);
}

export function setTime(file: string, key: number): void {
  const seconds = FIRST_MTIME_S + (key % 10_000_000);
  utimesSync(file, seconds, seconds);
}

/** Folders get their times last: making files in them changes them. */
export function settleTimes(folder: string, below: Iterable<string> = []): void {
  for (const each of below) setTime(join(folder, each), 1);
  setTime(folder, 0);
}
