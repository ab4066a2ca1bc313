/** What is counted of calls: how many run, and what became of each (`metrics/`). */

export interface MeteredCall {
  /** The pattern (`/v1/machines/:machine`), never the path: ids would make a series each. undefined: no such route. */
  readonly route: string | undefined;
  readonly method: string;
  readonly status: number;
  readonly seconds: number;
  /** Of the body, as it was announced. */
  readonly bytes: number;
}

/** Calls end before there may be anybody who counts them: what counts them is loaded after the service listens. */
const EARLY_MAX = 1000;

export class CallMeter {
  #running = 0;
  #early: MeteredCall[] = [];
  #count: ((call: MeteredCall) => void) | undefined;
  #waiting: (() => void)[] = [];

  get running(): number {
    return this.#running;
  }

  begin(): void {
    this.#running++;
  }

  end(call: MeteredCall): void {
    this.#running--;
    if (this.#count !== undefined) this.#count(call);
    else if (this.#early.length < EARLY_MAX) this.#early.push(call);
    if (this.#running === 0) for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** Tells `count` every call from now on, and those before. */
  tell(count: (call: MeteredCall) => void): void {
    for (const call of this.#early) count(call);
    this.#early = [];
    this.#count = count;
  }

  /** Resolves at the next moment when nothing runs. */
  idle(): Promise<void> {
    return this.#running === 0 ? Promise.resolve() : new Promise((resolve) => this.#waiting.push(resolve));
  }
}
