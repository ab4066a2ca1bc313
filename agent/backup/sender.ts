/**
 * Sends packs, a few at a time. What the service can't take now is tried again; when it has no room, sending stops for good and everyone
 * waiting is told, so that what is complete can still be committed.
 */
import PQueue from "p-queue";
import { asHoldfastError, type HoldfastError } from "../../protocol/errors.ts";
import { isRefusal, type Patience, persist } from "./persist.ts";

export interface PackToSend {
  readonly id: Buffer;
  readonly bytes: Buffer;
  readonly chunkIds: readonly Buffer[];
  release(): void;
}

export interface SenderOptions extends Patience {
  /** Sends once; throws a HoldfastError. */
  readonly put: (pack: string, bytes: Buffer, signal: AbortSignal) => Promise<unknown>;
  readonly uploads: number;
  readonly onStored: (pack: PackToSend) => void;
  readonly onRefused: (pack: PackToSend, error: HoldfastError) => void;
  readonly onFailure: (error: HoldfastError) => void;
}

type Outcome =
  | { readonly kind: "stored" | "stopped" }
  | { readonly kind: "refused" | "failed"; readonly error: HoldfastError };

export class Sender {
  readonly #options: SenderOptions;
  readonly #queue: PQueue;
  #refusal: HoldfastError | undefined;
  #pending = 0;

  constructor(options: SenderOptions) {
    this.#options = options;
    this.#queue = new PQueue({ concurrency: options.uploads });
  }

  /** Why nothing is sent any more, if so. */
  get refusal(): HoldfastError | undefined {
    return this.#refusal;
  }

  /** Packs that wait or are under way; bounded by the buffers they lie in. */
  get pending(): number {
    return this.#pending;
  }

  send(pack: PackToSend): void {
    this.#pending++;
    void this.#queue.add(() => this.#send(pack));
  }

  /** Resolves when everything is sent or refused. */
  async idle(): Promise<void> {
    await this.#queue.onIdle();
  }

  /** Whoever is told something finds the pack no longer pending. */
  async #send(pack: PackToSend): Promise<void> {
    const outcome = await this.#outcome(pack);
    this.#pending--;
    switch (outcome.kind) {
      case "stored":
        this.#options.onStored(pack);
        pack.release();
        break;
      case "refused":
        // The buffer is not given back: the connection may still be reading from it.
        this.#refusal ??= outcome.error;
        this.#options.onRefused(pack, outcome.error);
        break;
      case "failed":
        this.#options.onFailure(outcome.error);
        break;
      case "stopped":
        break;
    }
  }

  async #outcome(pack: PackToSend): Promise<Outcome> {
    if (this.#refusal) return { kind: "refused", error: this.#refusal };
    if (this.#options.signal.aborted) return { kind: "stopped" };
    try {
      const { put, signal } = this.#options;
      await persist(this.#options, () => put(pack.id.toString("hex"), pack.bytes, signal));
      return { kind: "stored" };
    } catch (cause) {
      if (this.#options.signal.aborted) return { kind: "stopped" };
      const error = asHoldfastError(cause);
      return { kind: isRefusal(error) ? "refused" : "failed", error };
    }
  }
}
