/** Fills pack after pack in a few buffers that go out full and others that come empty; waits when none is there. */
import type { SealSession } from "../chunk/seal.ts";
import { type ChunkToPack, type FinishedPack, PackWriter } from "../vault/pack-writer.ts";

export interface PackFillerOptions {
  readonly kind: "data" | "pages";
  readonly targetBytes: number;
  /** Of the pack that begins. */
  readonly level: () => number;
  readonly openSession: () => Promise<SealSession>;
  /** The pack's bytes lie in the buffer that was given for it; give it back with `giveBack` when it was sent. */
  readonly onPack: (pack: FinishedPack) => void;
  /** Called when it begins to wait for a buffer. */
  readonly onWaiting?: () => void;
}

export class PackFiller {
  readonly #options: PackFillerOptions;
  readonly #free: Buffer[];
  readonly #waiting: ((buffer: Buffer) => void)[] = [];
  #session: SealSession | undefined;
  #writer: PackWriter | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(buffers: readonly Buffer[], options: PackFillerOptions) {
    this.#free = [...buffers];
    this.#options = options;
  }

  /** Resolves with the sealed length when the chunk is in a pack; its plaintext must not change before. One at a time, in order. */
  add(chunk: ChunkToPack): Promise<number> {
    return this.#inTurn(async () => {
      if (this.#writer && !this.#writer.hasRoom(chunk.plain.length, chunk.links.length)) this.#finish();
      this.#writer ??= await this.#begin();
      return this.#writer.add(chunk);
    });
  }

  /** Sends what there is, however little. */
  flush(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#writer && !this.#writer.isEmpty) this.#finish();
    });
  }

  giveBack(buffer: Buffer): void {
    const next = this.#waiting.shift();
    if (next) next(buffer);
    else this.#free.push(buffer);
  }

  async #begin(): Promise<PackWriter> {
    const buffer = this.#free.pop() ?? (await this.#nextBuffer());
    if (!this.#session || this.#session.isSpent) this.#session = await this.#options.openSession();
    const { kind, targetBytes, level } = this.#options;
    return new PackWriter(buffer, { kind, targetBytes, level: level(), session: this.#session });
  }

  #nextBuffer(): Promise<Buffer> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#options.onWaiting?.();
    });
  }

  #finish(): void {
    const writer = this.#writer;
    this.#writer = undefined;
    if (writer) this.#options.onPack(writer.finish());
  }

  #inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined); // The caller gets the failure; the next one starts clean.
    return result;
  }
}
