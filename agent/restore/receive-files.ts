/**
 * Files that a service hands over for an order which nobody at the machine is asked about, placed by the rules of every restore: nothing outside the folder, no
 * link followed, a name only for what is whole. And by two more, because whoever ordered is not here: nothing is replaced, and nothing gets rights of its own
 * (devices, setuid and setgid, attributes of the system).
 */
import { realpathSync } from "node:fs";
import type { Fail } from "../../base/bytes.ts";
import type { Clock } from "../../base/clock.ts";
import { type Random, systemRandom } from "../../base/random.ts";
import { asHoldfastError, HoldfastError } from "../../protocol/errors.ts";
import { malformed } from "../../protocol/malformed.ts";
import type { RestoreProgress as ServiceProgress } from "../../protocol/messages/restores.ts";
import { catalogPath, shownPath } from "../disk/disk-path.ts";
import { findOnDisk } from "../disk/found.ts";
import { freeName } from "../disk/free-name.ts";
import { ownerNames } from "../disk/owner-names.ts";
import type { PartFile } from "../disk/part-file.ts";
import { Target } from "../disk/place.ts";
import type { Entry, FileEntry } from "../model/entry.ts";
import { type Bounds, placeIn } from "./bounds.ts";
import type { Frame } from "./file-frames.ts";
import type { RestoreReport } from "./run-restore.ts";
import { type RestoreProgress, Tally } from "./tally.ts";

export interface ReceiveOptions {
  /** Its real path; it is there. */
  readonly folder: string;
  /** Where in it everything comes, as catalog paths are; empty: right there. No link on the way is followed. */
  readonly below: Buffer;
  /** What the service sends is held against these: it is not what was ordered only because it comes. */
  readonly bounds: Bounds;
  readonly existing: "keep" | "rename";
  /** It was begun before: what that left is not restored once more beside itself. */
  readonly isAgain: boolean;
  readonly snapshot: number;
  readonly clock: Clock;
  readonly random?: Random;
  readonly signal?: AbortSignal | undefined;
  readonly fetchedBytes: () => number;
  readonly toService: (progress: ServiceProgress) => Promise<void>;
  readonly onProgress?: ((progress: RestoreProgress) => void) | undefined;
}

/**
 * Tells the service how it ended. What was cut off has not ended: throws `service/unreachable` and what the signal says, and can be begun again. Else throws
 * `format/malformed`, `disk/full`, `restore/target`.
 */
export async function receiveFiles(frames: AsyncIterable<Frame>, options: ReceiveOptions): Promise<RestoreReport> {
  const { clock, signal, snapshot } = options;
  const startedAt = clock.now();
  const totals = { files: 0, bytes: 0 };
  const tally = new Tally({ ...options, totals });
  try {
    await receive(frames, options, { totals, tally });
  } catch (cause) {
    const error = asHoldfastError(cause);
    if (!signal?.aborted && error.kind !== "unavailable") await tally.end("failed", error.code);
    throw signal?.aborted ? cause : error;
  }
  const result = tally.problemCount === 0 ? "completed" : "incomplete";
  await tally.end(result, tally.problems[0]?.code);
  const durationMs = clock.now() - startedAt;
  return { result, snapshot, filesRequested: totals.files, ...tally.counts(), durationMs };
}

async function receive(
  frames: AsyncIterable<Frame>,
  options: ReceiveOptions,
  { totals, tally }: { totals: { files: number; bytes: number }; tally: Tally },
): Promise<void> {
  using target = new Target({
    folder: options.folder,
    existing: options.existing,
    owners: ownerNames(),
    random: options.random ?? systemRandom,
    onProblem: ({ path, error }) => tally.addProblem(path, error),
  });
  // Somebody may have put a link there since it was judged: what is held open now must be that folder.
  if (realpathSync.native(target.root) !== options.folder)
    throw new HoldfastError("restore/target", { path: options.folder, reason: "it leads elsewhere now" });
  const receiving = new Receiving(target, tally, options);
  for await (const frame of frames) {
    options.signal?.throwIfAborted();
    switch (frame.kind) {
      case "totals":
        totals.files = frame.files;
        totals.bytes = frame.bytes;
        break;
      case "entry":
        receiving.entry(frame.entry);
        break;
      case "bytes":
        receiving.bytes(frame.bytes);
        break;
      case "hole":
        receiving.hole(frame.length);
        break;
      case "end":
        receiving.end();
        break;
      case "left":
        tally.addLeft(frame.problem);
        break;
      case "whole":
        target.finishFolders();
        target.sync();
        return;
    }
  }
  throw new HoldfastError("service/unreachable", { address: "the service", reason: "the connection broke" });
}

/** A file on its way; without a part nothing of it is wanted. */
interface Current {
  readonly entry: FileEntry;
  part: PartFile | undefined;
  position: number;
}

class Receiving {
  readonly #target: Target;
  readonly #tally: Tally;
  readonly #options: ReceiveOptions;
  readonly #top: Buffer;
  #current: Current | undefined;

  constructor(target: Target, tally: Tally, options: ReceiveOptions) {
    this.#target = target;
    this.#tally = tally;
    this.#options = options;
    this.#top = joined(catalogPath(options.folder), options.below);
  }

  entry(given: Entry): void {
    if (this.#current) fail("an entry within a file");
    const path = joined(this.#options.below, given.path);
    if (!this.#isInBounds(given)) return;
    const entry = this.#withoutRights(given);
    switch (entry.type) {
      case "file":
        this.#current = { entry, part: undefined, position: 0 };
        this.#attempt(entry, () => this.#begin(path, entry));
        return;
      case "folder":
        this.#attempt(entry, () => this.#target.folder(path, entry));
        this.#tally.folders++;
        return;
      case "character-device":
      case "block-device":
        this.#leave(entry, "devices are made only when somebody here runs the restore");
        return;
      default:
        this.#attempt(entry, () => {
          if (this.#isThere(entry)) this.#tally.count({ kind: "kept" }, entry);
          else this.#tally.count(this.#target.link(path, entry) ?? this.#target.special(path, entry), entry);
        });
    }
  }

  bytes(bytes: Buffer): void {
    const current = this.#file();
    this.#attempt(current.entry, () => current.part?.writeAt(bytes, current.position));
    this.#advance(current, bytes.length);
  }

  hole(length: number): void {
    this.#advance(this.#file(), length);
  }

  end(): void {
    const { entry, part, position } = this.#file();
    if (position !== entry.sizeBytes) fail("a file has another length than is said");
    this.#current = undefined;
    if (part) this.#attempt(entry, () => this.#tally.count(part.finish(), entry));
  }

  /** A file without an end would hold up the machine for ever. */
  #advance(current: Current, length: number): void {
    current.position += length;
    if (current.position > current.entry.sizeBytes) fail("a file has another length than is said");
  }

  /** The folders on the way to an approved one stay as they are. */
  #isInBounds(entry: Entry): boolean {
    const place = placeIn(this.#options.bounds, joined(this.#top, entry.path));
    if (place === "inside") return true;
    if (place === "outside" || entry.type !== "folder")
      this.#leave(entry, "its place is in no folder that was approved here");
    // Its content follows all the same.
    if (entry.type === "file") this.#current = { entry, part: undefined, position: 0 };
    return false;
  }

  #begin(path: Buffer, entry: FileEntry): void {
    if (this.#isThere(entry)) {
      this.#tally.count({ kind: "kept" }, entry);
      return;
    }
    const linked = this.#target.link(path, entry);
    if (linked) {
      this.#tally.count(linked, entry);
      return;
    }
    const part = this.#target.file(path, entry);
    if (part === undefined) this.#tally.count({ kind: "kept" }, entry);
    if (this.#current) this.#current.part = part;
  }

  #file(): Current {
    if (this.#current) return this.#current;
    return fail("content of no file");
  }

  /** As an earlier run has left it, under its name or beside. */
  #isThere(entry: Entry): boolean {
    const { isAgain, existing } = this.#options;
    if (!isAgain || existing !== "rename") return false;
    const slash = entry.path.lastIndexOf(SLASH) + 1;
    const [above, name] = [entry.path.subarray(0, slash), entry.path.subarray(slash)];
    for (let number = 0; ; number++) {
      const candidate = number === 0 ? name : freeName(name, number);
      const found = findOnDisk(joined(this.#top, Buffer.concat([above, candidate])));
      if (found === undefined) return false;
      const mtimeNs = BigInt(entry.mtimeSeconds) * 1_000_000_000n + BigInt(entry.mtimeNanoseconds);
      const sizeBytes = entry.type === "file" ? entry.sizeBytes : 0;
      if (found.type === entry.type && found.sizeBytes === sizeBytes && found.mtimeNs === mtimeNs) return true;
    }
  }

  #withoutRights(entry: Entry): Entry {
    const attributes = entry.attributes.filter(({ name }) => !/^(security|trusted)\./.test(name.toString("latin1")));
    const isPrivileged = entry.type === "file" && (entry.mode & SETUID_SETGID) !== 0;
    if (isPrivileged) this.#leave(entry, "it runs with its owner's rights only when somebody here restores it");
    // On folders the bit only says whose group new files get.
    return { ...entry, attributes, mode: isPrivileged ? entry.mode & ~SETUID_SETGID : entry.mode };
  }

  #leave({ path }: Entry, reason: string): void {
    this.#tally.addProblem(path, new HoldfastError("restore/not-unasked", { path: shownPath(path), reason }));
  }

  /** One file's trouble is its own; a full disk ends the run. */
  #attempt(entry: Entry, work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof HoldfastError) || error.code === "disk/full" || error.kind === "bug") throw error;
      this.#tally.addProblem(entry.path, error);
      if (this.#current?.entry !== entry) return;
      this.#current.part?.abandon();
      this.#current.part = undefined;
    }
  }
}

const SLASH = 0x2f;
const SETUID_SETGID = 0o6000;

const fail: Fail = malformed("ordered files");

function joined(above: Buffer, path: Buffer): Buffer {
  if (above.length === 0) return path;
  return path.length === 0 ? above : Buffer.concat([above, Buffer.from("/"), path]);
}
