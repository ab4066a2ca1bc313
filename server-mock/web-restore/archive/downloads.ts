/** Archives on their way to whoever has their link. A few at a time for each process: each has memory and a processor's work. */
import { asHoldfastError, HoldfastError } from "../../../protocol/errors.ts";
import type { Domain } from "../../domain/domain.ts";
import {
  beginDownload,
  checkLink,
  downloadBroke,
  downloadDone,
  tellRetrieved,
} from "../../domain/restores/archive-runs.ts";
import type { OpenVaults } from "../open-vaults.ts";
import { disposition } from "../read-file.ts";
import { ArchiveCounts, packArchive } from "./pack-archive.ts";

const DOWNLOADS_MAX = 8;
/** Of one person, who else could keep all others waiting. */
const EACH_MAX = 3;
const TOLD_EVERY_MS = 1000;
const CHECKED_EVERY_MS = 10_000;

const MEDIA = { zip: "application/zip", tar: "application/x-tar", "tar.gz": "application/gzip" } as const;

export interface Download {
  readonly headers: Readonly<Record<string, string>>;
  /** Hands the archive on piece by piece. What it throws breaks the answer off: nobody may take a part for the whole. */
  readonly pour: (write: (piece: Uint8Array) => Promise<void>) => Promise<void>;
}

export class Downloads {
  readonly #domain: Domain;
  readonly #vaults: OpenVaults;
  /** By person. */
  readonly #running = new Map<string, number>();

  constructor(domain: Domain, vaults: OpenVaults) {
    this.#domain = domain;
    this.#vaults = vaults;
  }

  /** `signal`: the caller went away. A service that stops lets downloads end, as long as it lets any call. Throws `restore/link-ended`, `restore/not-ready`, `restore/busy`. */
  async begin(link: string, address: string, signal: AbortSignal): Promise<Download> {
    const { restore, machine } = await checkLink(this.#domain, link);
    const leave = this.#enter(`${machine.organization}/${restore.requestedBy}`);
    try {
      const begun = await beginDownload(this.#domain, link, address);
      const { format, fileName } = begun.wish;
      return {
        headers: { "content-type": MEDIA[format], "content-disposition": disposition("attachment", fileName) },
        pour: (write) => this.#pour(begun, { link, write, signal }).finally(leave),
      };
    } catch (error) {
      leave();
      throw error;
    }
  }

  /** Takes a place at once, so that many who come together don't all find the same one free. Throws `restore/busy`. */
  #enter(person: string): () => void {
    const all = [...this.#running.values()].reduce((sum, each) => sum + each, 0);
    const theirs = this.#running.get(person) ?? 0;
    if (all >= DOWNLOADS_MAX || theirs >= EACH_MAX) throw new HoldfastError("restore/busy");
    this.#running.set(person, theirs + 1);
    return () => {
      const left = (this.#running.get(person) ?? 1) - 1;
      if (left > 0) this.#running.set(person, left);
      else this.#running.delete(person);
    };
  }

  async #pour(
    { opened, wish, known }: Awaited<ReturnType<typeof beginDownload>>,
    to: { link: string; write: (piece: Uint8Array) => Promise<void>; signal: AbortSignal },
  ): Promise<void> {
    const { link, write, signal } = to;
    const { id } = opened.restore;
    const counts = new ArchiveCounts();
    const told = new Telling(this.#domain, { id, link, counts });
    try {
      const open = await this.#vaults.get(opened);
      const taken = async (piece: Uint8Array) => {
        await told.now();
        await write(piece);
      };
      await packArchive(open, { wish, known, counts, write: taken, signal });
      const { files, bytes, problems } = counts;
      await downloadDone(this.#domain, id, { files, bytes, problems: problems.list, problemCount: problems.count });
    } catch (error) {
      const { problems } = counts;
      // The caller's going away says nothing of the archive.
      if (isDamage(error))
        await downloadBroke(this.#domain, id, { problems: problems.list, problemCount: problems.count });
      throw asHoldfastError(error);
    } finally {
      this.#vaults.forget(id);
    }
  }
}

export const isDamage = (error: unknown): boolean =>
  error instanceof HoldfastError &&
  (error.kind === "corrupt" || error.code === "chunk/lost" || error.code === "restore/failed-file");

/** What the row says meanwhile; and whether the link is still good. */
class Telling {
  readonly #domain: Domain;
  readonly #of: { readonly id: string; readonly link: string; readonly counts: ArchiveCounts };
  #toldAt: number;
  #checkedAt: number;

  constructor(domain: Domain, of: { id: string; link: string; counts: ArchiveCounts }) {
    this.#domain = domain;
    this.#of = of;
    this.#toldAt = domain.clock.now();
    this.#checkedAt = this.#toldAt;
  }

  async now(): Promise<void> {
    const now = this.#domain.clock.now();
    const { id, link, counts } = this.#of;
    if (now >= this.#toldAt + TOLD_EVERY_MS) {
      this.#toldAt = now;
      await tellRetrieved(this.#domain, id, counts);
    }
    if (now < this.#checkedAt + CHECKED_EVERY_MS) return;
    this.#checkedAt = now;
    await checkLink(this.#domain, link);
  }
}
