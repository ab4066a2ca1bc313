/** The memory in which packs are filled and sent: made when it is first needed, then handed out again and again, first come first served. */
import { bug } from "../../protocol/errors.ts";

export interface PackBuffersOptions<Asker> {
  /** `memory` when the asker sees this buffer for the first time. */
  readonly give: (asker: Asker, buffer: number, memory: SharedArrayBuffer | undefined) => void;
}

export class PackBuffers<Asker extends object> {
  readonly #countMax: number;
  readonly #sizeBytes: number;
  readonly #options: PackBuffersOptions<Asker>;
  readonly #made: { readonly memory: SharedArrayBuffer; readonly seenBy: WeakSet<Asker> }[] = [];
  readonly #free: number[] = [];
  readonly #waiting: Asker[] = [];

  constructor(countMax: number, sizeBytes: number, options: PackBuffersOptions<Asker>) {
    this.#countMax = countMax;
    this.#sizeBytes = sizeBytes;
    this.#options = options;
  }

  /** Gives a buffer now, or when one is free. */
  ask(asker: Asker): void {
    const free = this.#free.pop() ?? this.#make();
    if (free === undefined) this.#waiting.push(asker);
    else this.#give(asker, free);
  }

  takeBack(buffer: number): void {
    const next = this.#waiting.shift();
    if (next) this.#give(next, buffer);
    else this.#free.push(buffer);
  }

  view(buffer: number, length: number): Buffer {
    return Buffer.from(this.#find(buffer).memory, 0, length);
  }

  #make(): number | undefined {
    if (this.#made.length === this.#countMax) return undefined;
    return this.#made.push({ memory: new SharedArrayBuffer(this.#sizeBytes), seenBy: new WeakSet() }) - 1;
  }

  #give(asker: Asker, buffer: number): void {
    const { memory, seenBy } = this.#find(buffer);
    const isNew = !seenBy.has(asker);
    seenBy.add(asker);
    this.#options.give(asker, buffer, isNew ? memory : undefined);
  }

  #find(buffer: number) {
    return this.#made[buffer] ?? bug("there is no such pack buffer");
  }
}
