/**
 * Packs an archive while it is sent: files are read, proven, packed and handed on, no faster than somebody takes them, and nothing of it is kept anywhere.
 * Held at a time: 4 chunks of 4 MiB, three ranges of packs of 4.2 MiB, the archive's own buffers (under 1 MiB), and of a zip what its end must say.
 */

import type { Entry } from "../../../agent/model/entry.ts";
import { spelledPath } from "../../../agent/model/spelled-path.ts";
import { type ArchiveTally, archiveEntries } from "../../../agent/restore/archive-run.ts";
import type { WindowLimits } from "../../../agent/restore/plan.ts";
import type { HoldfastError } from "../../../protocol/errors.ts";
import type { Problem } from "../../../protocol/messages/sessions.ts";
import type { ArchiveWish } from "../../domain/restores/wishes.ts";
import type { OpenVault } from "../open-vaults.ts";
import { archiveName, nameBeside } from "./archive-names.ts";
import type { NameOf, PackSink } from "./pack-sink.ts";
import { Problems } from "./problems.ts";
import { TarSink } from "./tar-sink.ts";
import { wantedEntries } from "./wanted-entries.ts";
import { ZipSink } from "./zip-sink.ts";

const LIMITS: WindowLimits = { entries: 1000, chunks: 4, openFiles: 1000 };

export class ArchiveCounts implements ArchiveTally {
  files = 0;
  bytes = 0;
  folders = 0;
  others = 0;
  readonly problems = new Problems();

  addProblem(path: Buffer, error: HoldfastError): void {
    this.problems.add(path, error);
  }

  tell(): void {}
}

export interface PackOptions {
  readonly wish: ArchiveWish;
  /** Found broken before: left out, and counted as such. */
  readonly known: readonly Problem[];
  readonly counts: ArchiveCounts;
  readonly write: (piece: Uint8Array) => Promise<void>;
  readonly signal: AbortSignal;
}

/** When it resolves all has been written. What it throws tells why the archive broke off. */
export async function packArchive(open: OpenVault, { wish, known, counts, write, signal }: PackOptions): Promise<void> {
  const names = new Names(wish.parts.length > 1);
  const sink = sinkFor(wish.format, (path) => names.of(path));
  const onAbort = () => sink.destroy(new Error("the download was given up"));
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    const filling = fill(open, sink, { wish, known, counts, names, signal });
    // Whichever fails ends the other; the first failure is the reason.
    filling.catch((error: unknown) => sink.destroy(error instanceof Error ? error : new Error(String(error))));
    const sending = send(sink, write);
    sending.catch((error: unknown) => sink.destroy(error instanceof Error ? error : new Error(String(error))));
    await Promise.race([Promise.all([filling, sending]), failureOf(filling), failureOf(sending)]);
  } finally {
    signal.removeEventListener("abort", onAbort);
    sink.destroy(new Error("the archive is done"));
  }
}

const failureOf = (work: Promise<void>): Promise<never> =>
  new Promise((_, reject) => {
    work.catch(reject);
  });

async function send({ output }: PackSink, write: PackOptions["write"]): Promise<void> {
  for await (const piece of output) await write(piece);
}

async function fill(
  open: OpenVault,
  sink: PackSink,
  { wish, known, counts, names, signal }: Omit<PackOptions, "write"> & { names: Names },
): Promise<void> {
  const broken = new Map(known.map((problem) => [problem.path, problem]));
  for (const { snapshot: sequence, paths } of wish.parts) {
    const snapshot = await open.open(sequence);
    names.begin(sequence);
    const options = {
      signal,
      onDamage: counts.problems.addDamage.bind(counts.problems),
      onUnsafe: ({ path }: { path: Buffer }) => counts.problems.addUnsafe(path),
    };
    const isWanted = (entry: Entry) => {
      const before = entry.type === "file" && broken.size > 0 ? broken.get(spelledPath(entry.path)) : undefined;
      if (before !== undefined) counts.problems.addAgain(before);
      return before === undefined;
    };
    const batches = newEntries(wantedEntries(snapshot, paths, options), names);
    await archiveEntries(open.vault, batches, { sink, tally: counts, limits: LIMITS, isWanted, signal });
  }
  await sink.finish();
}

function sinkFor(format: ArchiveWish["format"], nameOf: NameOf): PackSink {
  switch (format) {
    case "zip":
      return new ZipSink(nameOf);
    case "tar":
    case "tar.gz":
      return new TarSink(nameOf, { isZipped: format === "tar.gz" });
  }
}

/** Folders that an earlier part has brought are there already. */
async function* newEntries(batches: AsyncIterable<readonly Entry[]>, names: Names): AsyncGenerator<readonly Entry[]> {
  for await (const batch of batches)
    yield batch.filter((entry) => entry.type !== "folder" || names.isNewFolder(entry.path));
}

/** With parts from several snapshots the same path may come twice: then the later one stands beside the first, with its snapshot in its name. */
class Names {
  readonly #isMany: boolean;
  readonly #taken = new Set<string>();
  readonly #folders = new Set<string>();
  /** Of the part that is packed now. */
  #given = new Map<string, string>();
  #sequence = 0;

  constructor(isMany: boolean) {
    this.#isMany = isMany;
  }

  begin(sequence: number): void {
    this.#sequence = sequence;
    this.#given = new Map();
  }

  of(path: Buffer): string {
    const name = archiveName(path);
    if (!this.#isMany || this.#folders.has(name)) return name;
    const given = this.#given.get(name);
    if (given !== undefined) return given;
    const free = this.#taken.has(name) ? nameBeside(name, this.#sequence) : name;
    this.#taken.add(free);
    this.#given.set(name, free);
    return free;
  }

  isNewFolder(path: Buffer): boolean {
    if (!this.#isMany) return true;
    const name = archiveName(path);
    if (this.#folders.has(name)) return false;
    this.#folders.add(name);
    return true;
  }
}
