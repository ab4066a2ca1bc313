/** Backups that people wait for while another runs: one to each place, however many ask. */
import type { RunView } from "../control/messages.ts";
import { type Destination, destinationOf } from "./past-runs.ts";
import type { Runner, Wish } from "./runner.ts";

export interface TurnsOptions {
  readonly runner: Runner;
  /** Throws what keeps one from beginning now. */
  readonly check: () => Promise<void>;
  /** Begins it, now that nothing runs. Throws when the agent is ending. */
  readonly begin: (wish: Wish) => Promise<RunView>;
}

export class Turns {
  readonly #options: TurnsOptions;
  readonly #waiting = new Map<Destination, { isFull: boolean; readonly run: Promise<RunView> }>();

  constructor(options: TurnsOptions) {
    this.#options = options;
  }

  get areOver(): boolean {
    return this.#waiting.size === 0;
  }

  /** Begins now, or when what runs has ended; its end. */
  async take({ type, isFull }: Wish): Promise<RunView> {
    await this.#options.check();
    const to = destinationOf(type);
    const known = this.#waiting.get(to);
    if (known) {
      known.isFull ||= isFull;
      return await known.run;
    }
    const run = this.#wait(type, to);
    this.#waiting.set(to, { isFull, run });
    return await run;
  }

  async #wait(type: Wish["type"], to: Destination): Promise<RunView> {
    const { runner, check, begin } = this.#options;
    let begun: Promise<RunView>;
    try {
      do {
        await runner.done;
        // Much may have happened since it was asked for.
        await check();
      } while (runner.running);
      // From here to the beginning nobody else has a turn.
      begun = begin({ type, isFull: this.#waiting.get(to)?.isFull ?? false });
    } finally {
      this.#waiting.delete(to);
    }
    return await begun;
  }
}
