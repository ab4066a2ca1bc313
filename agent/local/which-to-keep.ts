/** Which snapshots of a local copy go: pure. The newest stays, whatever a rule or a cap says. */
import { keptSnapshots, type Retention } from "../../protocol/kept-snapshots.ts";
import type { PolicyName, RetentionNumbers } from "../../protocol/messages/retention.ts";
import { numbersOf } from "../../protocol/retention-policies.ts";

/** With a named policy everything of the last days stays, too: names say weeks and months, and yesterday is what people ask for. */
const GRACE_DAYS = 7;

export interface KeptCopy {
  readonly sequence: number;
  /** Milliseconds since 1970, by the machine's clock. */
  readonly claimedAt: number;
  readonly incomplete: boolean;
}

export function retentionOf(keep: PolicyName | RetentionNumbers, timeZone: string): Retention {
  const graceDays = typeof keep === "string" ? GRACE_DAYS : 0;
  return { numbers: numbersOf(keep), graceDays, timeZone };
}

/**
 * Sequences that the rule lets go. Nobody but the machine's own clock says when a snapshot was made: one that is dated later than the newest
 * was made, or followed, under a wrong clock, and is no ground to drop anything.
 */
export function droppedByRule(snapshots: readonly KeptCopy[], retention: Retention): number[] {
  const newest = snapshots.reduce<KeptCopy | undefined>(
    (last, each) => (last && last.sequence > each.sequence ? last : each),
    undefined,
  );
  if (!newest) return [];
  const isDoubtful = ({ claimedAt }: KeptCopy) => claimedAt > newest.claimedAt;
  const dated = snapshots.filter((snapshot) => !isDoubtful(snapshot));
  const kept = keptSnapshots(
    dated.map(({ sequence, claimedAt, incomplete }) => ({
      sequence,
      receivedAt: claimedAt,
      isIncomplete: incomplete,
      isPinned: false,
    })),
    retention,
  );
  return dated.map(({ sequence }) => sequence).filter((sequence) => !kept.has(sequence));
}
