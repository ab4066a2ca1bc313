/** Messages for one reader, a bounded number of them: when it is slower, the oldest go. */
export class MessageQueue<Message> {
  readonly #waitingMax: number;
  readonly #waiting: Message[] = [];
  #wake: (() => void) | undefined;
  #isEnded = false;

  constructor(waitingMax: number) {
    this.#waitingMax = waitingMax;
  }

  push(message: Message): void {
    this.#waiting.push(message);
    if (this.#waiting.length > this.#waitingMax) this.#waiting.shift();
    this.#wake?.();
  }

  end(): void {
    this.#isEnded = true;
    this.#wake?.();
  }

  /** Until the end, or until the signal is aborted. */
  async *read(signal: AbortSignal): AsyncGenerator<Message> {
    const wake = () => this.#wake?.();
    signal.addEventListener("abort", wake);
    try {
      while (!signal.aborted) {
        const next = this.#waiting.shift();
        if (next !== undefined) yield next;
        else if (this.#isEnded) return;
        else
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
            if (signal.aborted) resolve();
          });
      }
    } finally {
      signal.removeEventListener("abort", wake);
    }
  }
}
