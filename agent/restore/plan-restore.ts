/** What a restore would do, without doing it: the same selection, the same windows, nothing fetched and nothing written. */
import { HoldfastError } from "../../protocol/errors.ts";
import type { Problem } from "../../protocol/messages/sessions.ts";
import type { Existing } from "../disk/place.ts";
import type { Entry } from "../model/entry.ts";
import { readSlices } from "../vault/read-slices.ts";
import type { Snapshot, Vault } from "../vault/vault.ts";
import { Conflicts } from "./conflicts.ts";
import { RESTORE_LIMITS } from "./plan.ts";
import { select, selectedEntries, totalsOf } from "./selection.ts";
import { Tally } from "./tally.ts";
import { Windows } from "./windows.ts";

export interface PlanOptions {
  readonly paths?: readonly (string | Buffer)[] | undefined;
  readonly target: string;
  readonly existing?: Existing | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface RestorePlan {
  readonly snapshot: number;
  readonly files: number;
  readonly bytes: number;
  readonly folders: number;
  /** Links, FIFOs, devices and the like. */
  readonly others: number;
  /** What has the name and would be kept. */
  readonly kept: number;
  /** Sealed bytes that would be read from the service. */
  readonly bytesToFetch: number;
  /** What would not be restored, as far as it is known before: conflicts, lost chunks, content that the snapshot does not have. The first 1,000. */
  readonly problems: readonly Problem[];
  readonly problemCount: number;
}

/** Throws `restore/no-match`, and what concerns the vault as a whole. */
export async function planRestore(vault: Vault, snapshot: Snapshot, options: PlanOptions): Promise<RestorePlan> {
  const { signal, existing = "fail" } = options;
  const selection = await select(snapshot, options.paths ?? [], signal);
  const totals = await totalsOf(snapshot, selection, signal);
  const tally = new Tally({ clock: vault.clock, totals, fetchedBytes: () => 0, toService: async () => undefined });
  const conflicts = new Conflicts(options.target, existing);
  const windows = new Windows({
    limits: RESTORE_LIMITS,
    slices: (file) => readSlices(vault.chunks, file, { signal }),
    isWanted: (entry) => conflicts.isFree(entry, tally),
    onFailed: (entry, error) => tally.addProblem(entry.path, error),
  });
  let bytesToFetch = 0;
  const entries = selectedEntries(snapshot, selection, { signal, onDamage: (damage) => tally.addDamage(damage) });
  for await (const window of windows.of(entries)) {
    for (const step of window.steps) {
      if (step.kind === "folder") tally.folders++;
      else if (step.kind === "file") count(tally, step.job.entry);
      else count(tally, step.entry);
    }
    const { ranges, lost } = await vault.chunks.locate(window.chunks, signal);
    for (const { length } of ranges) bytesToFetch += length;
    const failing = new Map(lost.flatMap((chunk) => window.piecesOf(chunk).map(({ job }) => [job, chunk] as const)));
    for (const [{ entry }, chunk] of failing)
      tally.addProblem(entry.path, new HoldfastError("chunk/lost", { chunk: chunk.toString("hex") }));
  }
  const { filesRetrieved: files, bytes, folders, others, kept, problems, problemCount } = tally.counts();
  const { sequence } = snapshot.view;
  return { snapshot: sequence, files, bytes, folders, others, kept, bytesToFetch, problems, problemCount };
}

function count(tally: Tally, entry: Entry): void {
  if (entry.type !== "file") {
    tally.others++;
    return;
  }
  tally.files++;
  tally.bytes += entry.sizeBytes;
}
