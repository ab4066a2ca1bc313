/** Compares two trees in everything that a backup keeps. Reads them by itself, not by the walk under test. */
import {
  type BigIntStats,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
} from "node:fs";
import { platform } from "../../agent/disk/platform/platform.ts";

export interface SameTreeOptions {
  /** Owners can't be set by ordinary users. Default true. */
  readonly owners?: boolean;
  readonly times?: boolean;
  readonly attributes?: boolean;
  /** Whether the roots' own metadata is compared. Default true. */
  readonly root?: boolean;
}

/** The differences, each as one line with its path; none when the trees are the same. */
export function treeDifferences(expected: string, actual: string, options: SameTreeOptions = {}): string[] {
  const comparison = new Comparison(options);
  const [a, b] = [lstatSync(expected, { bigint: true }), lstatSync(actual, { bigint: true })];
  if (options.root ?? true)
    comparison.metadata(".", { disk: bytes(expected), stats: a }, { disk: bytes(actual), stats: b });
  comparison.folder("", bytes(expected), bytes(actual));
  return comparison.differences;
}

interface Side {
  readonly disk: Buffer;
  readonly stats: BigIntStats;
}

class Comparison {
  readonly differences: string[] = [];
  readonly #options: SameTreeOptions;
  /** Inode on one side → the inode that stands for it on the other. */
  readonly #links = new Map<string, string>();

  constructor(options: SameTreeOptions) {
    this.#options = options;
  }

  folder(path: string, a: Buffer, b: Buffer): void {
    // Through an open folder, so that depth does not matter.
    const [fdA, fdB] = [openFolder(a), openFolder(b)];
    try {
      const [baseA, baseB] = [`/proc/self/fd/${fdA}/`, `/proc/self/fd/${fdB}/`];
      const namesA = new Set(readdirSync(baseA, "latin1"));
      const namesB = new Set(readdirSync(baseB, "latin1"));
      for (const name of namesB) if (!namesA.has(name)) this.#tell(join(path, name), "is too many");
      for (const name of namesA) {
        if (!namesB.has(name)) {
          this.#tell(join(path, name), "is missing");
          continue;
        }
        this.#thing(join(path, name), sideOf(baseA, name), sideOf(baseB, name));
      }
    } finally {
      closeSync(fdA);
      closeSync(fdB);
    }
  }

  metadata(path: string, a: Side, b: Side): void {
    const { owners = true, times = true, attributes = true } = this.#options;
    this.#same(path, "type and mode", a.stats.mode.toString(8), b.stats.mode.toString(8));
    if (owners) this.#same(path, "owner", `${a.stats.uid}:${a.stats.gid}`, `${b.stats.uid}:${b.stats.gid}`);
    if (times) this.#same(path, "modification time", a.stats.mtimeNs, b.stats.mtimeNs);
    if (attributes) this.#same(path, "attributes", attributesOf(a.disk), attributesOf(b.disk));
  }

  #thing(path: string, a: Side, b: Side): void {
    this.metadata(path, a, b);
    if (a.stats.isDirectory() && b.stats.isDirectory()) {
      this.folder(path, a.disk, b.disk);
      return;
    }
    this.#linked(path, a.stats, b.stats);
    this.#same(path, "device", a.stats.rdev, b.stats.rdev);
    if (a.stats.isSymbolicLink() && b.stats.isSymbolicLink()) {
      this.#same(path, "target", readlinkSync(a.disk, "hex"), readlinkSync(b.disk, "hex"));
    }
    if (a.stats.isFile() && b.stats.isFile()) this.#content(path, a, b);
  }

  #linked(path: string, a: BigIntStats, b: BigIntStats): void {
    this.#same(path, "number of links", a.nlink, b.nlink);
    const [one, other] = [`a${a.dev}:${a.ino}`, `b${b.dev}:${b.ino}`];
    if ((this.#links.get(one) ?? other) !== other || (this.#links.get(other) ?? one) !== one) {
      this.#tell(path, "is linked otherwise");
    }
    this.#links.set(one, other);
    this.#links.set(other, one);
  }

  #content(path: string, a: Side, b: Side): void {
    if (!this.#same(path, "size", a.stats.size, b.stats.size)) return;
    const [fdA, fdB] = [openSync(a.disk, constants.O_RDONLY), openSync(b.disk, constants.O_RDONLY)];
    try {
      const at = firstDifference(fdA, fdB, Number(a.stats.size));
      if (at !== undefined) this.#tell(path, `differs from byte ${at} on`);
      // Room for the file system's own ways of counting.
      const [blocksA, blocksB] = [Number(a.stats.blocks), Number(fstatSync(fdB, { bigint: true }).blocks)];
      if (blocksA * 512 < Number(a.stats.size) && blocksB > blocksA + 64) {
        this.#tell(path, `takes ${blocksB} blocks instead of ${blocksA}`);
      }
    } finally {
      closeSync(fdA);
      closeSync(fdB);
    }
  }

  #same(path: string, what: string, a: unknown, b: unknown): boolean {
    if (a === b) return true;
    this.#tell(path, `${what} is ${String(b)}, not ${String(a)}`);
    return false;
  }

  #tell(path: string, what: string): void {
    this.differences.push(`${JSON.stringify(Buffer.from(path, "latin1").toString()).slice(0, 300)} ${what}`);
  }
}

const BUFFER_BYTES = 1_048_576;
const [bytesA, bytesB] = [Buffer.alloc(BUFFER_BYTES), Buffer.alloc(BUFFER_BYTES)] as const;

/** Skips what is a hole on both sides: comparing a terabyte of zeros takes no time. */
function firstDifference(a: number, b: number, size: number): number | undefined {
  for (let at = 0; at < size; ) {
    at = Math.min(nextData(a, at, size), nextData(b, at, size));
    if (at >= size) return undefined;
    const lengthA = readSync(a, bytesA, 0, BUFFER_BYTES, at);
    const lengthB = readSync(b, bytesB, 0, BUFFER_BYTES, at);
    if (lengthA === 0 || lengthA !== lengthB) return at;
    if (bytesA.compare(bytesB, 0, lengthB, 0, lengthA) !== 0)
      return at + bytesA.findIndex((byte, i) => byte !== bytesB[i]);
    at += lengthA;
  }
  return undefined;
}

const nextData = (fd: number, at: number, size: number): number =>
  platform.seekData ? (platform.seekData(fd, at) ?? size) : at;

function attributesOf(disk: Buffer): string {
  const calls = platform.attributes;
  if (!calls) return "";
  return calls
    .list(disk, "link")
    .map((name) => `${name}=${calls.find(disk, name)?.toString("hex")}`)
    .sort()
    .join(" ");
}

const openFolder = (path: Buffer): number =>
  openSync(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);

function sideOf(base: string, name: string): Side {
  const disk = Buffer.concat([Buffer.from(base), Buffer.from(name, "latin1")]);
  return { disk, stats: lstatSync(disk, { bigint: true }) };
}

const join = (folder: string, name: string): string => (folder === "" ? name : `${folder}/${name}`);
const bytes = (path: string): Buffer => Buffer.from(path);
