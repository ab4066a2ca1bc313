/**
 * Gathering: the chunks of windows, located, handed out range by range, and placed by whoever opens them. The next window is planned and begun while
 * the last ranges of the one before are worked at; windows end in order.
 */
import type { ChunkSource } from "../vault/chunk-source.ts";
import type { RangeRunner } from "../vault/range-threads.ts";
import type { Located, PackRange } from "../vault/ranges.ts";
import { type Group, Underway } from "../vault/underway.ts";
import type { Placing } from "./place-window.ts";
import type { Window } from "./plan.ts";
import type { Tally } from "./tally.ts";

export interface GatheringOptions {
  readonly placing: Placing;
  readonly tally: Tally;
  readonly signal: AbortSignal | undefined;
}

export class Gathering implements Disposable {
  readonly #chunks: ChunkSource;
  readonly #runner: RangeRunner;
  readonly #options: GatheringOptions;
  readonly #underway: Underway;

  constructor(chunks: ChunkSource, runner: RangeRunner, options: GatheringOptions) {
    this.#chunks = chunks;
    this.#runner = runner;
    this.#options = options;
    this.#underway = new Underway(runner.capacity, options.signal);
  }

  /** `end` is called for each window, in order, when all its chunks were placed. Throws what ends the run. */
  async run(windows: AsyncIterable<Window>, end: (window: Window) => void): Promise<void> {
    const planned = windows[Symbol.asyncIterator]();
    const plan = async () => {
      const { value: window, done } = await planned.next();
      return done ? undefined : { window, located: await this.#chunks.locate(window.chunks, this.#options.signal) };
    };
    const endAfter = async (window: Window, group: Group) => {
      await this.#underway.settled(group);
      end(window);
    };
    let before = Promise.resolve();
    let next = quiet(plan());
    for (let current = await next; current; current = await next) {
      next = quiet(plan());
      const group: Group = { running: 0 };
      await this.#handOut(current.window, current.located, group);
      await before;
      before = quiet(endAfter(current.window, group));
    }
    await before;
  }

  [Symbol.dispose](): void {
    this.#underway[Symbol.dispose]();
  }

  async #handOut(window: Window, { ranges, lost }: Located, group: Group): Promise<void> {
    const { placing, signal } = this.#options;
    signal?.throwIfAborted();
    placing.begin(window);
    for (const chunk of lost) placing.lost(window, chunk);
    for (const range of ranges) await this.#underway.begin(group, () => this.#work(window, range));
  }

  async #work(window: Window, range: PackRange): Promise<void> {
    const { placing, tally } = this.#options;
    const ids = range.chunks.map(({ id }) => id);
    const handed = placing.hand(window, ids);
    if (!handed) return;
    const job = await this.#chunks.jobOf(range, "content", handed.work);
    placing.taken(handed, await this.#chunks.run(this.#runner, job));
    tally.tell();
  }
}

/** Whoever awaits it sees its failure; nobody may when something else has failed. */
function quiet<Value>(promise: Promise<Value>): Promise<Value> {
  promise.catch(() => undefined);
  return promise;
}
