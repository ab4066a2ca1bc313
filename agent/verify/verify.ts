/**
 * Verify: whether snapshots could be restored. Checks records and their chain, every page and list, that every chunk is there, and on request
 * that every chunk opens. Each page and chunk is looked at once, however many snapshots share it. Never writes. Remembers 64 to 128 bytes
 * for each distinct leaf and chunk, which is about a ten-thousandth of the data.
 */

import { IdSet } from "../../base/id-set.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import type { SnapshotView } from "../../protocol/messages/records.ts";
import type { Vault } from "../vault/vault.ts";
import { affectedFiles } from "./affected-files.ts";
import { ChunkCheck } from "./chunk-check.ts";
import { Findings, type VerifyProblem } from "./findings.ts";
import { openAll } from "./open-all.ts";

export interface VerifyOptions {
  /** Sequences; default: all. */
  readonly snapshots?: readonly number[] | undefined;
  /** Also read and open every chunk of content. */
  readonly readData?: boolean | undefined;
  readonly onProgress?: ((progress: VerifyProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface VerifyProgress {
  readonly phase: "checking" | "naming";
  /** Checked so far, and of how many. */
  readonly snapshots: number;
  readonly totalSnapshots: number;
  readonly chunks: number;
  /** Sealed bytes read from the service. */
  readonly bytesFetched: number;
}

export interface VerifyReport {
  readonly result: "sound" | "damaged";
  readonly snapshots: number;
  /** Of all snapshots, those in shared pages once. */
  readonly files: number;
  /** Those whose content could not be read when they were backed up. */
  readonly filesWithoutContent: number;
  /** Distinct chunks of content. */
  readonly chunks: number;
  readonly isDataRead: boolean;
  readonly bytesFetched: number;
  /** The first 1,000. */
  readonly problems: readonly VerifyProblem[];
  readonly problemCount: number;
  readonly durationMs: number;
}

/** With less, starting threads takes longer than the work. */
const THREADS_FROM_BYTES = 8 * 1024 * 1024;

/** Damage is what the report is about; throws only when checking itself is not possible. */
export async function verify(vault: Vault, options: VerifyOptions = {}): Promise<VerifyReport> {
  const { signal, readData = false } = options;
  const startedAt = vault.clock.now();
  const findings = new Findings();
  const counts = { files: 0, filesWithoutContent: 0 };
  try {
    const views = await chosenViews(vault, options.snapshots);
    const snapshots = await openAll(vault, views, findings, options.snapshots === undefined);
    const leaves = new IdSet();
    const isMuch = snapshots.some(({ body }) => body.bytes >= THREADS_FROM_BYTES);
    await using chunks = new ChunkCheck(vault.chunks, { readData, isMuch, signal });
    const tell = (phase: VerifyProgress["phase"], done: number) =>
      options.onProgress?.({
        phase,
        snapshots: done,
        totalSnapshots: snapshots.length,
        chunks: chunks.count,
        bytesFetched: vault.chunks.fetchedBytes,
      });
    for (const [done, { catalog, view }] of snapshots.entries()) {
      const isSkipped = ({ id }: { id: Buffer }) => leaves.has(id);
      const onDamage = findings.damageOf(view.sequence);
      for await (const leaf of catalog.leaves({ isSkipped, onDamage, signal })) {
        leaves.add(leaf.id);
        for (const entry of leaf.entries) {
          if (entry.type !== "file") continue;
          counts.files++;
          if (entry.content.kind === "missing") counts.filesWithoutContent++;
          await chunks.add(entry);
        }
        tell("checking", done);
      }
    }
    await chunks.finish();
    for (const [done, snapshot] of snapshots.entries()) {
      if (chunks.bad.size === 0) break;
      tell("naming", done);
      await affectedFiles(vault.chunks, snapshot, { bad: chunks.bad, signal, findings });
    }
    tell("checking", snapshots.length);
    const isSound = findings.count === 0;
    await vault.report({
      filesRequested: counts.files,
      filesRetrieved: 0,
      bytes: 0,
      status: isSound ? "completed" : "incomplete",
      ...(findings.problems[0] ? { code: findings.problems[0].code } : {}),
    });
    return {
      result: isSound ? "sound" : "damaged",
      snapshots: views.length,
      ...counts,
      chunks: chunks.count,
      isDataRead: readData,
      bytesFetched: vault.chunks.fetchedBytes,
      problems: findings.problems,
      problemCount: findings.count,
      durationMs: vault.clock.now() - startedAt,
    };
  } catch (error) {
    const code = error instanceof HoldfastError ? { code: error.code } : {};
    const nothing = { filesRequested: counts.files, filesRetrieved: 0, bytes: 0 };
    await vault.report({ ...nothing, status: signal?.aborted ? "cancelled" : "failed", ...code });
    throw error;
  }
}

/** Oldest first. */
async function chosenViews(vault: Vault, sequences: readonly number[] | undefined): Promise<readonly SnapshotView[]> {
  if (!sequences) return (await vault.snapshots()).toReversed();
  const views: SnapshotView[] = [];
  for (const sequence of [...new Set(sequences)].sort((a, b) => a - b))
    views.push(await vault.findSnapshot({ kind: "sequence", sequence }));
  return views;
}
