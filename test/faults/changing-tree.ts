/** A folder whose files change from run to run, as a seed says, and what it holds, for comparison. */
import { createHash } from "node:crypto";
import {
  closeSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import type { SeededRandom } from "../../bench/workloads/seeded-random.ts";

const KIB = 1024;
const LARGE_FILES = 8;
const SMALL_FILES = 150;

const largeName = (index: number): string => `large/${index}`;
const smallName = (index: number): string => `small/${index % 12}/${index}.txt`;

/** Some 16 MiB in large files and 150 small ones. */
export function makeChangingTree(folder: string, random: SeededRandom): void {
  for (let index = 0; index < LARGE_FILES; index++)
    write(join(folder, largeName(index)), random.bytes(random.integer(300, 4000) * KIB));
  for (let index = 0; index < SMALL_FILES; index++) write(join(folder, smallName(index)), smallContent(random));
}

/** Rewrites, overwrites in the middle, removes and adds: some 4 MiB that must be sent. */
export function changeTree(folder: string, random: SeededRandom): void {
  for (let count = random.integer(1, 3); count > 0; count--) {
    const path = join(folder, largeName(random.integer(0, LARGE_FILES - 1)));
    if (random.number() < 0.4 && exists(path)) overwrite(path, random);
    else write(path, random.bytes(random.integer(300, 4000) * KIB));
  }
  for (let count = random.integer(1, 40); count > 0; count--) {
    const path = join(folder, smallName(random.integer(0, SMALL_FILES - 1)));
    if (random.number() < 0.2) rmSync(path, { force: true });
    else write(path, smallContent(random));
  }
}

/** Path → kind, mode, modification time in ns, and SHA-256 of the content. */
export function manifestOf(folder: string): ReadonlyMap<string, string> {
  const lines = new Map<string, string>();
  const look = (path: string): void => {
    const stats = lstatSync(join(folder, path), { bigint: true });
    const kept = `${(stats.mode & 0o7777n).toString(8)} ${stats.mtimeNs}`;
    if (!stats.isDirectory()) {
      const digest = createHash("sha256")
        .update(readFileSync(join(folder, path)))
        .digest("hex");
      lines.set(path, `file ${kept} ${digest}`);
      return;
    }
    lines.set(path, `folder ${kept}`);
    for (const name of readdirSync(join(folder, path))) look(join(path, name));
  };
  look(".");
  return lines;
}

/** A line for each path that differs. */
export function manifestDifferences(
  expected: ReadonlyMap<string, string>,
  actual: ReadonlyMap<string, string>,
): string[] {
  const paths = new Set([...expected.keys(), ...actual.keys()]);
  return [...paths]
    .filter((path) => expected.get(path) !== actual.get(path))
    .map((path) => `${path}: ${expected.get(path) ?? "nothing"} became ${actual.get(path) ?? "nothing"}`);
}

function write(path: string, bytes: Buffer): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
}

function overwrite(path: string, random: SeededRandom): void {
  const fd = openSync(path, "r+");
  const bytes = random.bytes(random.integer(1, 64) * KIB);
  writeSync(fd, bytes, 0, bytes.length, random.integer(0, lstatSync(path).size));
  closeSync(fd);
}

const exists = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false }) !== undefined;

/** Half of it repeats itself, as texts do. */
const smallContent = (random: SeededRandom): Buffer =>
  Buffer.concat([random.bytes(random.integer(1, 20 * KIB)), Buffer.alloc(random.integer(0, 20 * KIB), "abc ")]);
