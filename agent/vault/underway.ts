/** Work that is under way at once, a bounded number of pieces. The first failure, or the signal, ends everybody's waiting. */

/** Pieces that are waited for together. */
export interface Group {
  running: number;
}

export class Underway implements Disposable {
  readonly #max: number;
  readonly #signal: AbortSignal | undefined;
  #running = 0;
  #failure: { readonly error: unknown } | undefined;
  #waiting: (() => void)[] = [];

  constructor(max: number, signal?: AbortSignal) {
    this.#max = max;
    this.#signal = signal;
    signal?.addEventListener("abort", this.#wake);
  }

  /** Resolves when it has begun, so at most `max` are under way. Throws what an earlier one threw. */
  async begin(group: Group, work: () => Promise<void>): Promise<void> {
    await this.#until(() => this.#running < this.#max);
    this.#running++;
    group.running++;
    const failed = (error: unknown) => {
      this.#failure ??= { error };
    };
    void work()
      .catch(failed)
      .finally(() => {
        this.#running--;
        group.running--;
        this.#wake();
      });
  }

  /** Resolves when all of the group are done. Throws what any threw. */
  async settled(group: Group): Promise<void> {
    await this.#until(() => group.running === 0);
  }

  [Symbol.dispose](): void {
    this.#signal?.removeEventListener("abort", this.#wake);
  }

  async #until(isSo: () => boolean): Promise<void> {
    for (;;) {
      this.#signal?.throwIfAborted();
      if (this.#failure) throw this.#failure.error;
      if (isSo()) return;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  readonly #wake = (): void => {
    for (const each of this.#waiting.splice(0)) each();
  };
}
