/**
 * A tar archive (POSIX pax): modes, owners, times to the nanosecond, symbolic and hard links, devices. Extended attributes are left out: this archive is for
 * whatever computer somebody downloads it to; `holdfast restore --tar` keeps them.
 */
import { createGzip } from "node:zlib";
import { type Header, type Pack, pack } from "tar-stream";
import type { Entry, FileEntry } from "../../../agent/model/entry.ts";
import { clampedDate, type NameOf, type PackSink, written } from "./pack-sink.ts";

const TYPES = {
  file: "file",
  folder: "directory",
  symlink: "symlink",
  fifo: "fifo",
  "character-device": "character-device",
  "block-device": "block-device",
} as const;
/** tar-stream takes seconds as 32 bits, and numbers of owners of six octal digits. */
const SECONDS_MAX = 2 ** 31 - 1;
const ID_MAX = 8 ** 6 - 1;

type HeaderOf = Partial<Header> & Pick<Header, "name">;

export class TarSink implements PackSink {
  readonly output: AsyncIterable<Uint8Array>;
  readonly #pack: Pack = pack();
  readonly #nameOf: NameOf;
  #file: ReturnType<Pack["entry"]> | undefined;
  #ended: Promise<void> = Promise.resolve();
  readonly #gzip: ReturnType<typeof createGzip> | undefined;

  constructor(nameOf: NameOf, { isZipped }: { isZipped: boolean }) {
    this.#nameOf = nameOf;
    this.#pack.on("error", ignore);
    if (isZipped) {
      const gzip = createGzip({ level: 1 });
      this.#gzip = gzip;
      gzip.on("error", (error) => this.#pack.destroy(error));
      void zipped(this.#pack, gzip);
      this.output = gzip;
    } else {
      this.output = piecesOf(this.#pack);
    }
  }

  async other(entry: Exclude<Entry, { type: "file" | "socket" }>): Promise<void> {
    const target = entry.type === "symlink" ? entry.target.toString() : undefined;
    const devices = "major" in entry ? { devmajor: entry.major, devminor: entry.minor } : {};
    await this.#empty({ ...this.#header(entry), ...devices, ...(target === undefined ? {} : { linkname: target }) });
  }

  async link(entry: Exclude<Entry, { type: "folder" }>, first: Buffer): Promise<boolean> {
    if (entry.type === "socket") return false;
    await this.#empty({ ...this.#header(entry), size: 0, type: "link", linkname: this.#nameOf(first) });
    return true;
  }

  async begin(file: FileEntry): Promise<void> {
    const ended = Promise.withResolvers<void>();
    this.#ended = ended.promise;
    ended.promise.catch(() => undefined); // Seen when it is awaited.
    this.#file = this.#pack.entry(this.#header(file), (error) => (error ? ended.reject(error) : ended.resolve()));
    this.#file.on("error", ignore);
  }

  async write(bytes: Buffer): Promise<void> {
    if (this.#file !== undefined && bytes.length > 0) await written(this.#file, bytes);
  }

  async end(): Promise<void> {
    this.#file?.end(null);
    await this.#ended;
    this.#file = undefined;
  }

  async finish(): Promise<void> {
    this.#pack.finalize();
  }

  destroy(error: Error): void {
    this.#pack.destroy(error);
    this.#gzip?.destroy(error);
  }

  async #empty(header: HeaderOf): Promise<void> {
    const ended = Promise.withResolvers<void>();
    const entry = this.#pack.entry(header, (error) => (error ? ended.reject(error) : ended.resolve()));
    entry.on("error", ignore);
    entry.end(null);
    await ended.promise;
  }

  #header(entry: Exclude<Entry, { type: "socket" }>): HeaderOf {
    const { owner, mode, mtimeSeconds, mtimeNanoseconds } = entry;
    const pax: Record<string, string> = {};
    if (mtimeNanoseconds !== 0 || mtimeSeconds < 0 || mtimeSeconds > SECONDS_MAX)
      pax.mtime = paxTime(mtimeSeconds, mtimeNanoseconds);
    if (owner.uid > ID_MAX) pax.uid = String(owner.uid);
    if (owner.gid > ID_MAX) pax.gid = String(owner.gid);
    if (!isShort(owner.user)) pax.uname = owner.user;
    if (!isShort(owner.group)) pax.gname = owner.group;
    const name = this.#nameOf(entry.path);
    return {
      name: entry.type === "folder" ? `${name}/` : name,
      type: TYPES[entry.type as keyof typeof TYPES], // Sockets were left out.
      size: entry.type === "file" ? entry.sizeBytes : 0,
      mode,
      mtime: clampedDate(entry, 0, SECONDS_MAX * 1000),
      uid: owner.uid > ID_MAX ? 0 : owner.uid,
      gid: owner.gid > ID_MAX ? 0 : owner.gid,
      uname: isShort(owner.user) ? owner.user : "",
      gname: isShort(owner.group) ? owner.group : "",
      ...(Object.keys(pax).length > 0 ? { pax } : {}),
    };
  }
}

/** streamx can be iterated; its types don't say so. */
const piecesOf = (stream: Pack): AsyncIterable<Uint8Array> => stream as unknown as AsyncIterable<Uint8Array>;

async function zipped(from: Pack, gzip: ReturnType<typeof createGzip>): Promise<void> {
  try {
    for await (const piece of piecesOf(from)) await written(gzip, piece);
    gzip.end();
  } catch (error) {
    gzip.destroy(asError(error));
  }
}

/** Whoever reads or writes sees it. */
const ignore = (): void => undefined;

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

const isShort = (name: string): boolean => /^[\x20-\x7e]{0,31}$/.test(name);

/** Before 1970 the fraction counts towards the past. */
function paxTime(seconds: number, nanoseconds: number): string {
  const fraction = (ns: number) => (ns === 0 ? "" : `.${String(ns).padStart(9, "0")}`);
  if (seconds >= 0 || nanoseconds === 0) return `${seconds}${fraction(nanoseconds)}`;
  return `-${-seconds - 1}${fraction(1_000_000_000 - nanoseconds)}`;
}
