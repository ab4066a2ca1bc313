/**
 * Restore: plan → gather → place → finish. Nothing is written outside the target, no link in it is followed, and a file gets its name only
 * when every byte of it was proven by its chunk's id. What can't be had is listed, and the rest goes on. Memory stays flat: windows are
 * bounded (`plan.ts`), and so is what is read ahead (`chunk-source.ts`).
 */
import { type Random, systemRandom } from "../../base/random.ts";
import { asHoldfastError, HoldfastError } from "../../protocol/errors.ts";
import type { Problem } from "../../protocol/messages/sessions.ts";
import { ownerNames } from "../disk/owner-names.ts";
import { type Existing, Target } from "../disk/place.ts";
import type { Damage } from "../vault/catalog-reader.ts";
import { readSlices } from "../vault/read-slices.ts";
import type { Snapshot, Vault } from "../vault/vault.ts";
import { Conflicts } from "./conflicts.ts";
import { Placing } from "./place-window.ts";
import { RESTORE_LIMITS } from "./plan.ts";
import { select, selectedEntries, totalsOf } from "./selection.ts";
import { type RestoreProgress, Tally } from "./tally.ts";
import { Windows } from "./windows.ts";

export interface RestoreOptions {
  /** With or without a slash in front; none means all. */
  readonly paths?: readonly string[] | undefined;
  /** Made when missing. Things are restored below it under their whole paths. */
  readonly target: string;
  /** Default `fail`: what exists is kept and reported, file by file. */
  readonly existing?: Existing | undefined;
  readonly useNumericOwners?: boolean | undefined;
  readonly onProgress?: ((progress: RestoreProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly random?: Random;
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

/** Throws `restore/no-match`, `disk/full`, `restore/cancelled`, and what concerns the vault as a whole. */
export async function restore(vault: Vault, snapshot: Snapshot, options: RestoreOptions): Promise<RestoreReport> {
  const { clock } = vault;
  const { signal, onProgress, existing = "fail" } = options;
  const startedAt = clock.now();
  const fetchedBefore = vault.chunks.fetchedBytes;
  const fetchedBytes = () => vault.chunks.fetchedBytes - fetchedBefore;
  const selection = await select(snapshot, options.paths ?? [], signal);
  const totals = await totalsOf(snapshot, selection, signal);
  const tally = new Tally({ clock, totals, fetchedBytes, toService: (progress) => vault.report(progress), onProgress });
  try {
    const conflicts = new Conflicts(options.target, existing);
    using target = new Target({
      folder: options.target,
      existing,
      owners: ownerNames(),
      useNumericOwners: options.useNumericOwners ?? false,
      random: options.random ?? systemRandom,
      onProblem: ({ path, error }) => tally.addProblem(path, error),
    });
    const windows = new Windows({
      limits: RESTORE_LIMITS,
      slices: (file) => readSlices(vault.chunks, file, { signal }),
      isWanted: (entry) => conflicts.isFree(entry, tally),
      onFailed: (entry, error) => tally.addProblem(entry.path, error),
    });
    // Folders above the selection were not asked for: those that exist stay as they are.
    const above = selection.above.filter((folder) => !(existing === "overwrite" && conflicts.isTaken(folder)));
    const onDamage = (damage: Damage) => tally.addDamage(damage);
    const placing = new Placing(target, tally);

    for await (const window of windows.of(selectedEntries(snapshot, { ...selection, above }, { signal, onDamage }))) {
      signal?.throwIfAborted();
      placing.begin(window);
      for await (const chunk of vault.chunks.read(window.chunks, { kind: "content", signal })) {
        placing.take(window, chunk);
        tally.tell();
        signal?.throwIfAborted();
      }
      windows.again.push(...placing.end(window));
      // Until nothing is to be placed in them any more, folders keep their restore-time modes.
      if (windows.again.length === 0 && !placing.isBehind && window.next) target.finishFolders(window.next);
    }
    placing.finish();
    target.finishFolders();
    target.sync();
    const result = tally.problemCount === 0 ? "completed" : "incomplete";
    await tally.end(result, tally.problems[0]?.code);
    return {
      result,
      snapshot: snapshot.view.sequence,
      filesRequested: totals.files,
      ...tally.counts(),
      durationMs: clock.now() - startedAt,
    };
  } catch (cause) {
    const error = signal?.aborted ? new HoldfastError("restore/cancelled", {}, { cause }) : asHoldfastError(cause);
    await tally.end(signal?.aborted ? "cancelled" : "failed", error.code);
    throw error;
  }
}
