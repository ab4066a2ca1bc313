/**
 * Changes in place, as a user makes them, each remembered before it is made, so that the next tool finds the same tree:
 * the same content, times and inodes.
 */
import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { FIRST_MTIME_S } from "./write-tree.ts";

export interface Spot {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

export class ChangeLog {
  readonly #folder: string;
  /** Beside the tree, on the same file system: where removed files wait. */
  readonly #saved: string;
  readonly #undo: (() => void)[] = [];
  #changed: string[] = [];

  constructor(folder: string, saved: string) {
    this.#folder = folder;
    this.#saved = saved;
  }

  isPresent(path: string): boolean {
    return existsSync(join(this.#folder, path));
  }

  /** What has come, changed or gone since this was last asked, as a watcher would tell it. */
  takeChanged(): string[] {
    const changed = this.#changed;
    this.#changed = [];
    return changed;
  }

  /** Overwrites, or appends where an offset is at the end. */
  patch(path: string, spots: readonly Spot[]): void {
    this.#changed.push(path);
    const file = join(this.#folder, path);
    this.#rememberTimes(dirname(file), file);
    const handle = openSync(file, "r+");
    try {
      const { size } = fstatSync(handle);
      const before = spots.map(({ offset, bytes }) => {
        const old = Buffer.alloc(Math.max(0, Math.min(bytes.length, size - offset)));
        readSync(handle, old, 0, old.length, offset);
        return { offset, bytes: old };
      });
      this.#undo.push(() => writeSpots(file, before, size));
      for (const { offset, bytes } of spots) writeSync(handle, bytes, 0, bytes.length, offset);
    } finally {
      closeSync(handle);
    }
    this.#touch(file);
  }

  create(path: string, bytes: Uint8Array): void {
    this.#changed.push(path);
    const file = join(this.#folder, path);
    this.#rememberTimes(dirname(file));
    this.#undo.push(() => rmSync(file));
    writeFileSync(file, bytes, { flag: "wx" });
    this.#touch(file, dirname(file));
  }

  remove(path: string): void {
    this.#changed.push(path);
    const file = join(this.#folder, path);
    this.#rememberTimes(dirname(file));
    this.#moveAway(file);
    this.#touch(dirname(file));
  }

  /** A new file takes the old one's place; `write` makes it from the old one. */
  replace(path: string, write: (old: string, fresh: string) => void): void {
    this.#changed.push(path);
    const file = join(this.#folder, path);
    this.#rememberTimes(dirname(file));
    const old = this.#moveAway(file);
    this.#undo.push(() => rmSync(file, { force: true }));
    write(old, file);
    this.#touch(file, dirname(file));
  }

  undo(): void {
    this.#changed = [];
    for (let step = this.#undo.pop(); step; step = this.#undo.pop()) step();
  }

  #moveAway(file: string): string {
    mkdirSync(this.#saved, { recursive: true });
    const saved = join(this.#saved, String(this.#undo.length));
    this.#undo.push(() => renameSync(saved, file));
    renameSync(file, saved);
    return saved;
  }

  /** Undone last of all that happens to the path, because undoing touches it too. */
  #rememberTimes(...paths: readonly string[]): void {
    for (const path of paths) {
      const { atimeMs, mtimeMs } = statSync(path);
      this.#undo.push(() => utimesSync(path, atimeMs / 1000, mtimeMs / 1000));
    }
  }

  /** The same times for every tool. */
  #touch(...paths: readonly string[]): void {
    const seconds = FIRST_MTIME_S + 20_000_000 + this.#undo.length;
    for (const path of paths) utimesSync(path, seconds, seconds);
  }
}

function writeSpots(file: string, spots: readonly Spot[], size: number): void {
  const handle = openSync(file, "r+");
  try {
    for (const { offset, bytes } of spots.toReversed()) writeSync(handle, bytes, 0, bytes.length, offset);
    ftruncateSync(handle, size);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** A copy of `old` with texts inserted at the ends of the lines at these offsets (ascending). */
export function insertLines(
  old: string,
  fresh: string,
  spots: readonly number[],
  lines: (place: number) => Uint8Array,
): void {
  const source = openSync(old, "r");
  const target = openSync(fresh, "wx");
  const part = Buffer.allocUnsafe(4 << 20);
  try {
    let [from, to] = [0, 0];
    const copyUntil = (end: number): void => {
      while (from < end) {
        const length = readSync(source, part, 0, Math.min(part.length, end - from), from);
        if (length === 0) return;
        writeSync(target, part, 0, length, to);
        from += length;
        to += length;
      }
    };
    for (const [place, spot] of spots.entries()) {
      const length = readSync(source, part, 0, 4096, spot);
      const newline = part.subarray(0, length).indexOf(10);
      if (newline < 0 || spot + newline + 1 < from) continue;
      copyUntil(spot + newline + 1);
      to += writeSync(target, lines(place), 0, undefined, to);
    }
    copyUntil(Number.POSITIVE_INFINITY);
  } finally {
    closeSync(source);
    closeSync(target);
  }
}
