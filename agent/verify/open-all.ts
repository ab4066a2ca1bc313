/** Opens the records of snapshots, and finds gaps in the chain. */
import { HoldfastError } from "../../protocol/errors.ts";
import type { SnapshotView } from "../../protocol/messages/records.ts";
import { isDamage } from "../vault/page-reader.ts";
import type { Snapshot, Vault } from "../vault/vault.ts";
import { type Findings, wholeSnapshot } from "./findings.ts";

/** `views`: oldest first. `isWholeChain`: they should be all there are, from the first one on. */
export async function openAll(
  vault: Vault,
  views: readonly SnapshotView[],
  findings: Findings,
  isWholeChain: boolean,
): Promise<readonly Snapshot[]> {
  const snapshots: Snapshot[] = [];
  let before = 0;
  // What retention has dropped is no gap as long as its record is there.
  for (const view of isWholeChain ? (await vault.history()).toReversed() : views) {
    const { sequence } = view;
    for (let absent = before + 1; isWholeChain && absent < sequence; absent++)
      findings.add(absent, wholeSnapshot, new HoldfastError("snapshot/missing", { snapshot: absent }));
    before = sequence;
    try {
      if (view.pruned) await vault.checkDropped(view);
      else snapshots.push(await vault.openSnapshot(sequence));
    } catch (error) {
      if (!isSnapshotTrouble(error)) throw error;
      findings.add(sequence, wholeSnapshot, error);
    }
  }
  return snapshots;
}

const isSnapshotTrouble = (error: unknown): error is HoldfastError =>
  isDamage(error) ||
  (error instanceof HoldfastError && (error.code === "snapshot/corrupt" || error.code === "snapshot/missing"));
