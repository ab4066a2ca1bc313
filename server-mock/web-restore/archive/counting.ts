/** Counts what archives will hold, one person's one after the other, while they wait. What a process that ended has left, the next asker's takes up. */
import { asHoldfastError } from "../../../protocol/errors.ts";
import type { Domain } from "../../domain/domain.ts";
import { oneAtATime } from "../../domain/one-at-a-time.ts";
import {
  archiveFailed,
  archiveReady,
  HEARD_MS,
  takeCounting,
  tellCounting,
} from "../../domain/restores/archive-runs.ts";
import type { OpenVaults } from "../open-vaults.ts";
import { countArchive } from "./count-archive.ts";

export class Counting {
  readonly #domain: Domain;
  readonly #vaults: OpenVaults;
  readonly #signal: AbortSignal;
  readonly #running = new Set<string>();
  readonly #inTurn = oneAtATime();

  constructor(domain: Domain, vaults: OpenVaults, signal: AbortSignal) {
    this.#domain = domain;
    this.#vaults = vaults;
    this.#signal = signal;
  }

  /** `person`: who waits for it, by the account's id. Never throws: how it ended stands in the row. */
  async begin(id: string, { person, isNew }: { person: string; isNew: boolean }): Promise<void> {
    if (this.#running.has(id) || this.#signal.aborted) return;
    this.#running.add(id);
    const { clock } = this.#domain;
    const begunAt = clock.now();
    try {
      await this.#inTurn(person, async () => {
        // Whoever waited that long for a turn may find another process at it.
        if (!this.#signal.aborted) await this.#count(id, isNew && clock.now() < begunAt + HEARD_MS);
      });
    } catch (error) {
      // A process that ends leaves it to another one.
      if (!this.#signal.aborted)
        await archiveFailed(this.#domain, id, asHoldfastError(error).code).catch(() => undefined);
    } finally {
      this.#running.delete(id);
      this.#vaults.forget(id);
    }
  }

  async #count(id: string, isNew: boolean): Promise<void> {
    const { clock } = this.#domain;
    const taken = await takeCounting(this.#domain, id, { isNew });
    if (taken === undefined) return;
    const unwanted = new AbortController();
    const signal = AbortSignal.any([this.#signal, unwanted.signal]);
    let toldAt = clock.now();
    const tell = async () => {
      if (clock.now() < toldAt + HEARD_MS / 3) return;
      toldAt = clock.now();
      if (!(await tellCounting(this.#domain, id))) unwanted.abort(new Error("the archive was taken back"));
    };
    const open = await this.#vaults.get(taken.opened);
    const { totals, problems } = await countArchive(open, taken.wish, { tell, signal });
    await archiveReady(this.#domain, id, totals, { problems: problems.list, problemCount: problems.count });
  }
}
