/** Counts a restore, collects its problems, and tells about once a second how far it is. */
import type { Clock } from "../../base/clock.ts";
import type { HoldfastError } from "../../protocol/errors.ts";
import { PROBLEMS_MAX } from "../../protocol/limits.ts";
import type { RestoreProgress as ServiceProgress } from "../../protocol/messages/restores.ts";
import type { Problem } from "../../protocol/messages/sessions.ts";
import type { Placed } from "../disk/part-file.ts";
import type { Entry } from "../model/entry.ts";
import { type Damage, shownRange } from "../vault/catalog-reader.ts";
import type { Totals } from "./selection.ts";

export interface RestoreProgress {
  readonly files: number;
  readonly bytes: number;
  readonly totalFiles: number;
  readonly totalBytes: number;
  /** Sealed bytes read from the service. */
  readonly bytesFetched: number;
  readonly currentPath?: string | undefined;
}

export interface TallyOptions {
  readonly clock: Clock;
  readonly totals: Totals;
  readonly fetchedBytes: () => number;
  readonly toService: (progress: ServiceProgress) => Promise<void>;
  readonly onProgress?: ((progress: RestoreProgress) => void) | undefined;
}

const SHOWN_EVERY_MS = 100;
const SENT_EVERY_MS = 1000;
const PATH_CHARACTERS_MAX = 4096;

export class Tally {
  files = 0;
  bytes = 0;
  folders = 0;
  /** Links, FIFOs, devices and the like. */
  others = 0;
  /** What had the name and stayed. */
  kept = 0;
  /** The first of them. */
  readonly problems: Problem[] = [];
  problemCount = 0;
  readonly #options: TallyOptions;
  #shownAt = Number.NEGATIVE_INFINITY;
  /** What is over within that time is told once. */
  #sentAt: number;
  #sending: Promise<void> = Promise.resolve();
  #isSending = false;

  constructor(options: TallyOptions) {
    this.#options = options;
    this.#sentAt = options.clock.now();
  }

  /** One entry that isn't a folder has come to its place. */
  count({ kind }: Placed, entry: Entry): void {
    if (kind === "kept") this.kept++;
    else if (entry.type === "file") {
      this.files++;
      this.bytes += entry.sizeBytes;
    } else this.others++;
    this.tell(entry.path);
  }

  addProblem(path: Buffer, error: HoldfastError): void {
    this.problemCount++;
    if (this.problems.length >= PROBLEMS_MAX) return;
    const shown = `/${path}`.slice(0, PATH_CHARACTERS_MAX);
    this.problems.push({ path: shown, code: error.code, message: error.message.slice(0, 1000) });
  }

  /** Whatever lies from one path up to another is unknown. */
  addDamage({ from, to, error }: Damage): void {
    this.problemCount++;
    if (this.problems.length >= PROBLEMS_MAX) return;
    this.problems.push({
      path: shownRange(from, to).slice(0, PATH_CHARACTERS_MAX),
      code: error.code,
      message: error.message,
    });
  }

  /** What the service could not send. */
  addLeft(problem: Problem): void {
    this.problemCount++;
    if (this.problems.length < PROBLEMS_MAX) this.problems.push(problem);
  }

  counts() {
    const { files: filesRetrieved, bytes, folders, others, kept, problems, problemCount } = this;
    const bytesFetched = this.#options.fetchedBytes();
    return { filesRetrieved, bytes, folders, others, kept, problems, problemCount, bytesFetched };
  }

  /** Call it often: it passes on only now and then. */
  tell(currentPath?: Buffer): void {
    const now = this.#options.clock.now();
    if (now - this.#shownAt >= SHOWN_EVERY_MS) {
      this.#shownAt = now;
      this.show(currentPath);
    }
    if (now - this.#sentAt < SENT_EVERY_MS || this.#isSending) return;
    this.#sentAt = now;
    this.#isSending = true;
    this.#sending = this.#options.toService(this.#numbers("running")).finally(() => {
      this.#isSending = false;
    });
  }

  show(currentPath?: Buffer): void {
    const { totals, fetchedBytes, onProgress } = this.#options;
    onProgress?.({
      files: this.files,
      bytes: this.bytes,
      totalFiles: totals.files,
      totalBytes: totals.bytes,
      bytesFetched: fetchedBytes(),
      currentPath: currentPath && `/${currentPath}`,
    });
  }

  /** The last word to the service. */
  async end(status: ServiceProgress["status"], code?: string): Promise<void> {
    await this.#sending;
    this.show();
    await this.#options.toService({ ...this.#numbers(status), ...(code ? { code } : {}) });
  }

  #numbers(status: ServiceProgress["status"]): ServiceProgress {
    const filesRequested = this.#options.totals.files;
    return { filesRequested, filesRetrieved: this.files, bytes: this.bytes, status };
  }
}
