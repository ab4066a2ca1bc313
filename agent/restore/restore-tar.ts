/** The same selection as a tar archive on a stream, with everything that a catalog knows, names as bytes. At most 16 chunks (64 MiB) are held. */
import { once } from "node:events";
import type { Writable } from "node:stream";
import type { Entry, FileEntry } from "../model/entry.ts";
import type { Snapshot, Vault } from "../vault/vault.ts";
import { type ArchiveSink, archiveEntries } from "./archive-run.ts";
import type { WindowLimits } from "./plan.ts";
import { type RestoreReport, type RunOptions, runRestore } from "./run-restore.ts";
import { selectedEntries } from "./selection.ts";
import { tarEnd, tarHeader, tarPadding } from "./tar-header.ts";

export interface TarOptions extends RunOptions {
  /** Not ended: that is the caller's. */
  readonly to: Writable;
}

const TAR_LIMITS: WindowLimits = { entries: 1000, chunks: 16, openFiles: 1000 };

/** Sockets are left out: an archive can't hold them. */
export async function restoreTar(vault: Vault, snapshot: Snapshot, options: TarOptions): Promise<RestoreReport> {
  const { signal } = options;
  return await runRestore({ vault, snapshot }, options, async ({ selection, tally }) => {
    using sink = new TarSink(options.to, signal);
    const onDamage = tally.addDamage.bind(tally);
    const entries = selectedEntries(snapshot, selection, { signal, onDamage });
    await archiveEntries(vault, entries, { sink, tally, limits: TAR_LIMITS, signal });
    await sink.finish();
  });
}

class TarSink implements ArchiveSink, Disposable {
  readonly #to: Writable;
  readonly #signal: AbortSignal | undefined;
  #failure: unknown;

  constructor(to: Writable, signal: AbortSignal | undefined) {
    this.#to = to;
    this.#signal = signal;
    to.on("error", this.#onError);
  }

  other(entry: Exclude<Entry, { type: "file" | "socket" }>): Promise<void> {
    return this.write(tarHeader(entry));
  }

  async link(entry: Entry, first: Buffer): Promise<boolean> {
    if (entry.type === "socket") return false;
    await this.write(tarHeader(entry, first));
    return true;
  }

  begin(file: FileEntry): Promise<void> {
    return this.write(tarHeader(file));
  }

  end({ sizeBytes }: FileEntry): Promise<void> {
    return this.write(Buffer.alloc(tarPadding(sizeBytes)));
  }

  async write(bytes: Buffer): Promise<void> {
    this.#signal?.throwIfAborted();
    if (this.#failure !== undefined) throw this.#failure;
    if (bytes.length === 0) return;
    if (!this.#to.write(bytes)) await once(this.#to, "drain", this.#signal ? { signal: this.#signal } : {});
  }

  finish(): Promise<void> {
    return this.write(tarEnd());
  }

  [Symbol.dispose](): void {
    this.#to.off("error", this.#onError);
  }

  readonly #onError = (error: unknown): void => {
    this.#failure = error;
  };
}
