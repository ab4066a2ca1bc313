/**
 * Whether events may have been lost. Linux keeps a bounded number of them for whoever watches (`fs.inotify.max_queued_events`), drops what comes
 * beyond it and says so in an event that Node throws away. But Node reads all that is there in one go: whoever got less than the bound in a go has lost
 * nothing. Half of it is the limit here, since events of folders that are no longer watched are not handed on.
 */
import { readFileSync } from "node:fs";

export class Bursts {
  readonly #most: number;
  readonly #onBurst: () => void;
  #inThisGo = 0;
  /** All that ever came. */
  total = 0;

  constructor(most: number, onBurst: () => void) {
    this.#most = most;
    this.#onBurst = onBurst;
  }

  /** Call it for each event, when it comes. */
  count(): void {
    this.total++;
    // Runs when the go is over: immediates come after all events of a turn.
    if (this.#inThisGo++ === 0) setImmediate(() => this.#endGo());
  }

  #endGo(): void {
    const came = this.#inThisGo;
    this.#inThisGo = 0;
    if (came >= this.#most) this.#onBurst();
  }
}

/** Linux' own default, where it doesn't say. */
const QUEUED_EVENTS = 16_384;

export function burstEvents(): number {
  return Math.max(1, Math.floor(readLimit("max_queued_events", QUEUED_EVENTS) / 2));
}

/** `undefined` where there is no such limit. */
export function readLimit(name: string, otherwise: number): number {
  try {
    return Number(readFileSync(`/proc/sys/fs/inotify/${name}`, "utf8")) || otherwise;
  } catch {
    return otherwise;
  }
}
