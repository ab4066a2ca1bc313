/**
 * Lets a running backup yield (battery, load, somebody's wish) and go on where it was: everything that walks, reads or sends passes here
 * before its next step. The run's lease is not its business and stays alive meanwhile.
 */

export class Gate {
  /** Why it is closed; `undefined` when it is open. */
  #reason: string | undefined;
  readonly #waiting = new Set<() => void>();
  readonly #listeners = new Set<() => void>();

  get isOpen(): boolean {
    return this.#reason === undefined;
  }

  get reason(): string | undefined {
    return this.#reason;
  }

  /** Again, with another reason: the reason is that one now. */
  close(reason: string): void {
    const wasOpen = this.isOpen;
    this.#reason = reason;
    if (wasOpen) this.#tell();
  }

  open(): void {
    if (this.isOpen) return;
    this.#reason = undefined;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const go of waiting) go();
    this.#tell();
  }

  /** Resolves when the gate is open. Throws the signal's reason when that is aborted. */
  async pass(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    // It may have been closed again before whoever waited had a turn.
    while (!this.isOpen) await this.#next(signal);
  }

  /** Called whenever it has opened or closed. */
  onChange(listener: () => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => this.#listeners.delete(listener) };
  }

  #next(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const go = () => {
        signal?.removeEventListener("abort", stop);
        resolve();
      };
      const stop = () => {
        this.#waiting.delete(go);
        reject(signal?.reason);
      };
      this.#waiting.add(go);
      signal?.addEventListener("abort", stop, { once: true });
    });
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
