/** What a tree holds, for comparing a restored one with its source. */
import { createHash } from "node:crypto";
import { closeSync, lstatSync, openSync, readdirSync, readlinkSync, readSync, type Stats } from "node:fs";
import { join } from "node:path";

/** By relative path; one line each of type, mode, time, size and content. */
export type TreeFacts = ReadonlyMap<string, string>;

export function describeTree(folder: string): TreeFacts {
  const facts = new Map<string, string>();
  for (const { path, stats } of walkTree(folder)) facts.set(path, fact(join(folder, path), stats));
  return facts;
}

/** What `actual` has and `expected` has not, and the reverse, in words. */
export function differences(expected: TreeFacts, actual: TreeFacts): string[] {
  const found: string[] = [];
  for (const [path, fact] of expected) {
    const other = actual.get(path);
    if (other === undefined) found.push(`missing: ${path}`);
    else if (other !== fact) found.push(`differs: ${path}: ${fact} became ${other}`);
  }
  for (const path of actual.keys()) if (!expected.has(path)) found.push(`not in the source: ${path}`);
  return found;
}

/** Everything below the folder, folders included, in no order that matters. */
export function* walkTree(folder: string, below = ""): Generator<{ path: string; stats: Stats }> {
  for (const name of readdirSync(join(folder, below))) {
    const path = below === "" ? name : `${below}/${name}`;
    const stats = lstatSync(join(folder, path));
    yield { path, stats };
    if (stats.isDirectory()) yield* walkTree(folder, path);
  }
}

function fact(file: string, stats: Stats): string {
  if (stats.isSymbolicLink()) return `link ${readlinkSync(file)}`;
  const common = `${(stats.mode & 0o7777).toString(8)} ${stats.mtimeMs}`;
  if (stats.isDirectory()) return `folder ${common}`;
  return `file ${common} ${stats.size} ${contentHash(file)}`;
}

const buffer = Buffer.allocUnsafe(1 << 20);

/** Read in parts: an image does not fit into memory. */
function contentHash(file: string): string {
  const hash = createHash("sha256");
  readThrough(file, (bytes) => hash.update(bytes));
  return hash.digest("hex");
}

export function readThrough(file: string, take: (bytes: Buffer) => void = () => undefined): void {
  const handle = openSync(file, "r");
  try {
    for (;;) {
      const length = readSync(handle, buffer);
      if (length === 0) return;
      take(buffer.subarray(0, length));
    }
  } finally {
    closeSync(handle);
  }
}
