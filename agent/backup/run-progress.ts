/** How far a backup is, for whoever watches. */
import type { Counters } from "../../protocol/messages/sessions.ts";
import type { Found } from "../disk/found.ts";
import { type Amount, countFound } from "./count-found.ts";
import type { Gate } from "./gate.ts";

export interface BackupProgress {
  readonly phase: "opening" | "preparing" | "scanning" | "sending" | "paused" | "committing";
  readonly counters: Readonly<Counters>;
  /** What is settled: unchanged, or stored. */
  readonly done: Amount;
  /** What the last backup scanned; on the first one, what was counted ahead. */
  readonly expected: Amount | undefined;
  readonly path: Buffer | undefined;
}

export class RunProgress {
  counters: Counters = noCounters();
  done: Amount = { files: 0, bytes: 0 };
  expected: Amount | undefined;
  path: Buffer | undefined;
  readonly #listener: ((progress: BackupProgress) => void) | undefined;
  readonly #gate: Gate;
  #phase: BackupProgress["phase"] = "opening";

  constructor(listener: ((progress: BackupProgress) => void) | undefined, gate: Gate) {
    this.#listener = listener;
    this.#gate = gate;
  }

  get isWatched(): boolean {
    return this.#listener !== undefined;
  }

  enter(phase: BackupProgress["phase"]): void {
    this.#phase = phase;
    this.tell();
  }

  tell(): void {
    const { counters, done, path } = this;
    // There is more than last time: nobody knows how much.
    const isOutgrown = this.expected && (counters.files > this.expected.files || counters.bytes > this.expected.bytes);
    const expected = isOutgrown ? undefined : this.expected;
    // A commit is one small request, and the last: it does not wait.
    const phase = this.#gate.isOpen || this.#phase === "committing" ? this.#phase : "paused";
    this.#listener?.({ phase, counters, done, expected, path });
  }

  /** Beside the work, so that a first backup can tell how far it is, too. */
  async countAhead(found: Iterable<Found>, signal: AbortSignal, gate: Gate): Promise<void> {
    const total = await countFound(found, signal, gate).catch(() => undefined);
    if (total) this.expected = total;
  }
}

export const noCounters = (): Counters => ({
  files: 0,
  bytes: 0,
  filesEncoded: 0,
  bytesEncoded: 0,
  filesTransferred: 0,
  bytesTransferred: 0,
});
