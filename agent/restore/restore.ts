/**
 * Restore: plan → gather → place → finish. Nothing is written outside the target, no link in it is followed, and a file gets its name only
 * when every byte of it was proven by its chunk's id. What can't be had is listed, and the rest goes on. Memory stays flat: windows are
 * bounded (`plan.ts`), three of them are known at a time, and threads hold what `range-threads.ts` says.
 */
import { type Random, systemRandom } from "../../base/random.ts";
import { ownerNames } from "../disk/owner-names.ts";
import { type Existing, Target } from "../disk/place.ts";
import { readSlices } from "../vault/read-slices.ts";
import type { Snapshot, Vault } from "../vault/vault.ts";
import { Conflicts } from "./conflicts.ts";
import { Gathering } from "./gathering.ts";
import { Placing } from "./place-window.ts";
import { RESTORE_LIMITS, type Window, type WindowLimits } from "./plan.ts";
import { restoreRunner } from "./restore-runner.ts";
import { type RestoreReport, type RunOptions, runRestore } from "./run-restore.ts";
import { selectedEntries } from "./selection.ts";
import { Windows } from "./windows.ts";

export interface RestoreOptions extends RunOptions {
  /** Made when missing. Things are restored below it under their whole paths. */
  readonly target: string;
  /** Default `fail`: what exists is kept and reported, file by file. */
  readonly existing?: Existing | undefined;
  readonly useNumericOwners?: boolean | undefined;
  /** How much is planned at a time. */
  readonly limits?: WindowLimits;
  readonly random?: Random;
  /** Default: one for each core, none for little. */
  readonly threads?: number | undefined;
}

/** Throws `restore/no-match`, `disk/full`, `restore/cancelled`, and what concerns the vault as a whole. */
export async function restore(vault: Vault, snapshot: Snapshot, options: RestoreOptions): Promise<RestoreReport> {
  const { signal, existing = "fail" } = options;
  return await runRestore({ vault, snapshot }, options, async ({ selection, totals, tally }) => {
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
      limits: options.limits ?? RESTORE_LIMITS,
      slices: (file) => readSlices(vault.chunks, file, { signal }),
      isWanted: (entry) => conflicts.isFree(entry, tally),
      onFailed: (entry, error) => tally.addProblem(entry.path, error),
    });
    const placing = new Placing(target, tally);
    // Folders above the selection were not asked for: those that exist stay as they are.
    const above = selection.above.filter((folder) => !(existing === "overwrite" && conflicts.isTaken(folder)));
    const onDamage = tally.addDamage.bind(tally);
    const entries = selectedEntries(snapshot, { ...selection, above }, { signal, onDamage });

    const places = { root: target.root, shown: options.target, existing };
    // They end before the target and its open files go.
    await using runner = restoreRunner(vault.chunks, places, { ...options, totals });
    using gathering = new Gathering(vault.chunks, runner, { placing, tally, signal });
    let isInOrder = true;
    const end = (window: Window): void => {
      windows.again.push(...placing.end(window));
      isInOrder &&= windows.again.length === 0;
      // While something is still to be placed in them, folders keep the modes they were made with.
      if (isInOrder && !placing.isBehind && window.next) target.finishFolders(window.next);
    };
    await gathering.run(windows.planned(entries), end);
    await gathering.run(windows.rest(), end);
    placing.finish();
    target.finishFolders();
    target.sync();
  });
}
