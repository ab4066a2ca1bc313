/**
 * Knows of every chunk whether the service has it, whether it is on its way, or whether it must be sent. Chunks on their way have a *fate*:
 * an entry may only enter the catalog when the fates of all its chunks are `stored`.
 */
import type { State } from "../state/state.ts";

export interface Fate {
  state: "coming" | "stored" | "refused";
}

export class KnownChunks {
  readonly #state: State;
  readonly #coming = new Map<string, Fate>();

  constructor(state: State) {
    this.#state = state;
  }

  /** `undefined` when the service has it; its fate when it is on its way; `"new"` when the asker must send it: then its fate is kept here from now on. */
  claim(id: Buffer): Fate | "stored" | "new" {
    const key = id.toString("latin1");
    const coming = this.#coming.get(key);
    if (coming) return coming;
    if (this.#state.hasChunk(id)) return "stored";
    this.#coming.set(key, { state: "coming" });
    return "new";
  }

  /** Of a chunk on its way; `undefined` when the service has it. */
  fateOf(id: Buffer): Fate | undefined {
    return this.#coming.get(id.toString("latin1"));
  }

  get comingCount(): number {
    return this.#coming.size;
  }

  /** The service has acknowledged a pack. The state must know before fates are called stored, or a crash would send it again. */
  stored(ids: readonly Buffer[]): void {
    this.#state.addChunks(ids);
    for (const id of ids) this.#settle(id, "stored");
  }

  refused(ids: readonly Buffer[]): void {
    for (const id of ids) this.#settle(id, "refused");
  }

  /** Nothing more is sent: what is still on its way will not arrive. */
  refuseAll(): void {
    for (const fate of this.#coming.values()) fate.state = "refused";
    this.#coming.clear();
  }

  #settle(id: Buffer, state: "stored" | "refused"): void {
    const key = id.toString("latin1");
    const fate = this.#coming.get(key);
    if (!fate) return;
    fate.state = state;
    this.#coming.delete(key);
  }
}
