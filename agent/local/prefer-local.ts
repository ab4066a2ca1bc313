/**
 * A restore from the service that takes what it can from the local copy. Both hold the same plaintexts under the same ids, sealed apart; so the seam
 * is where chunks are located. A pack of the copy is used only after its digest was found right, and every chunk is proven by its id afterwards, as
 * always: a bad disk costs time, and nothing that it says is believed.
 */
import { sha256 } from "../../base/digest.ts";
import { PACK_BYTES_MAX } from "../../protocol/limits.ts";
import type { LocateResponse } from "../../protocol/messages/restores.ts";
import type { RestoreRemote } from "../remote/remote.ts";
import { layoutOf, machineFolder, packPath } from "./layout.ts";
import { type OpenCopy, openCopyToRead } from "./open-copy.ts";
import { readPlain } from "./plain-file.ts";
import { locate, readRange } from "./read-remote.ts";

export interface Preferred extends Disposable {
  readonly remote: RestoreRemote;
  /** Sealed bytes that came from the copy. */
  readonly localBytes: number;
}

export interface PreferLocalOptions {
  /** As the settings name it. */
  readonly folder: string;
  /** Hexadecimal ids. */
  readonly machine: string;
  readonly vault: string;
}

/** `undefined`: there is no copy of this vault, or it can't be read. */
export async function preferLocal(
  service: RestoreRemote,
  { folder, machine, vault }: PreferLocalOptions,
): Promise<Preferred | undefined> {
  const root = machineFolder(folder, machine);
  const copy = await openCopyToRead(root).catch(() => undefined);
  if (!copy) return undefined;
  if (copy.card.vault === vault) return new PreferringRemote(service, copy);
  copy[Symbol.dispose]();
  return undefined;
}

class PreferringRemote implements Preferred {
  readonly remote: RestoreRemote;
  localBytes = 0;
  readonly #service: RestoreRemote;
  readonly #copy: OpenCopy;
  /** By id: whether its bytes are those of its name. */
  readonly #packs = new Map<string, boolean>();

  constructor(service: RestoreRemote, copy: OpenCopy) {
    this.#service = service;
    this.#copy = copy;
    // Without ranges: threads would ask the service by themselves.
    const { ranges: _, ...rest } = service;
    this.remote = {
      ...rest,
      locate: (ids) => this.#locate(ids),
      packRange: (pack, offset, length, signal) => this.#packRange(pack, offset, length, signal),
    };
  }

  [Symbol.dispose](): void {
    this.#copy[Symbol.dispose]();
  }

  async #locate(ids: readonly string[]): Promise<LocateResponse> {
    const local = await this.#locateHere(ids);
    const absent = ids.filter((_, at) => !local.chunks[at]);
    if (absent.length === 0) return local;
    const far = await this.#service.locate(absent);
    const first = local.packs.length;
    const places = far.chunks[Symbol.iterator]();
    const chunks = local.chunks.map((place) => {
      if (place) return place;
      const [pack, offset, length, session] = places.next().value ?? [];
      if (pack === undefined || offset === undefined || length === undefined || session === undefined) return null;
      return [pack + first, offset, length, session] satisfies LocateResponse["chunks"][number];
    });
    return { packs: [...local.packs, ...far.packs], chunks };
  }

  /** Only what lies in packs that are whole. */
  async #locateHere(ids: readonly string[]): Promise<LocateResponse> {
    try {
      const { packs, chunks } = locate(this.#copy, ids);
      const sound: boolean[] = [];
      for (const { id } of packs) sound.push(await this.#isSound(id));
      return { packs, chunks: chunks.map((place) => (place && sound[place[0]] ? place : null)) };
    } catch {
      return { packs: [], chunks: ids.map(() => null) }; // The disk went, or its index is damaged.
    }
  }

  /** Reads it once, whole; what is read of it next comes from memory. */
  async #isSound(pack: string): Promise<boolean> {
    const known = this.#packs.get(pack);
    if (known !== undefined) return known;
    const path = packPath(layoutOf(this.#copy.layout.root, this.#copy.card.vault), pack);
    const isSound = await readPlain(path, PACK_BYTES_MAX).then(
      (bytes) => sha256(bytes).toString("hex") === pack,
      () => false,
    );
    this.#packs.set(pack, isSound);
    return isSound;
  }

  async #packRange(pack: string, offset: number, length: number, signal?: AbortSignal): Promise<Buffer> {
    if (!this.#packs.get(pack)) return await this.#service.packRange(pack, offset, length, signal);
    try {
      const bytes = await readRange(this.#copy, pack, { offset, length });
      if (bytes.length === length) this.localBytes += length;
      return bytes;
    } catch (error) {
      this.#packs.set(pack, false); // Whoever asks again is sent to the service.
      throw error;
    }
  }
}
