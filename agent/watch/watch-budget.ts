/** How many folders may be watched: until the system, or our own bound, says that it is enough. Then nothing more is tried for a minute. */
export class WatchBudget {
  readonly #most: number;
  readonly #onLimit: (code: string) => void;
  #isTold = false;
  /** Watched now. */
  count = 0;
  isRefused = false;

  constructor(most: number, onLimit: (code: string) => void) {
    this.#most = most;
    this.#onLimit = onLimit;
  }

  hasRoom(): boolean {
    if (this.count >= this.#most) this.refuse("ENOSPC");
    return !this.isRefused;
  }

  refuse(code = "ENOSPC"): void {
    this.isRefused = true;
    if (this.#isTold) return;
    this.#isTold = true;
    this.#onLimit(code);
  }

  /** `isAllWatched`: the next refusal is told again. */
  tryAgain(isAllWatched: boolean): void {
    this.isRefused = false;
    if (isAllWatched) this.#isTold = false;
  }
}
