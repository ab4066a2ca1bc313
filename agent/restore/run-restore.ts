/** What all restores have in common: the selection, the numbers, and the last word to the service. */
import { asHoldfastError, HoldfastError } from "../../protocol/errors.ts";
import type { Problem } from "../../protocol/messages/sessions.ts";
import type { Snapshot, Vault } from "../vault/vault.ts";
import { type Selection, select, type Totals, totalsOf } from "./selection.ts";
import { type RestoreProgress, Tally } from "./tally.ts";

export interface RunOptions {
  /** With or without a slash in front; none means all. */
  readonly paths?: readonly (string | Buffer)[] | undefined;
  readonly onProgress?: ((progress: RestoreProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface RestoreReport {
  readonly result: "completed" | "incomplete";
  readonly snapshot: number;
  readonly filesRequested: number;
  readonly filesRetrieved: number;
  /** Of the files retrieved. */
  readonly bytes: number;
  readonly folders: number;
  /** Links, FIFOs, devices and the like. */
  readonly others: number;
  /** What had the name and was to be kept. */
  readonly kept: number;
  /** Sealed bytes read from the service. */
  readonly bytesFetched: number;
  /** The first 1,000. */
  readonly problems: readonly Problem[];
  readonly problemCount: number;
  readonly durationMs: number;
}

/** Throws `restore/no-match`, `restore/cancelled`, and what `work` throws. */
export async function runRestore(
  { vault, snapshot }: { vault: Vault; snapshot: Snapshot },
  { paths = [], signal, onProgress }: RunOptions,
  work: (run: { selection: Selection; totals: Totals; tally: Tally }) => Promise<void>,
): Promise<RestoreReport> {
  const { clock, chunks } = vault;
  const startedAt = clock.now();
  const fetchedBefore = chunks.fetchedBytes;
  const selection = await select(snapshot, paths, signal);
  const totals = await totalsOf(snapshot, selection, signal);
  const fetchedBytes = () => chunks.fetchedBytes - fetchedBefore;
  const tally = new Tally({ clock, totals, fetchedBytes, toService: (progress) => vault.report(progress), onProgress });
  try {
    await work({ selection, totals, tally });
    const result = tally.problemCount === 0 ? "completed" : "incomplete";
    await tally.end(result, tally.problems[0]?.code);
    const { sequence } = snapshot.view;
    const durationMs = clock.now() - startedAt;
    return { result, snapshot: sequence, filesRequested: totals.files, ...tally.counts(), durationMs };
  } catch (cause) {
    const error = signal?.aborted ? new HoldfastError("restore/cancelled", {}, { cause }) : asHoldfastError(cause);
    await tally.end(signal?.aborted ? "cancelled" : "failed", error.code);
    throw error;
  }
}
