/** What a backup's flags say (protocol/brakes.ts), as a row keeps them. */
import { z } from "zod";
import { flagSentence, massChangeSentence, type RunAmounts, type RunFlag } from "../../../protocol/brakes.ts";
import { type CommitRequest, runChanges, runFlag } from "../../../protocol/messages/sessions.ts";

const kept = z.object({ flags: z.array(runFlag), changes: runChanges.optional() });

/** For the row; null: no flags. */
export function encodeFlags({ flags = [], changes }: CommitRequest): string | null {
  return flags.length === 0 ? null : JSON.stringify({ flags, changes });
}

export function flagsSaid(
  row: RunAmounts & { readonly flags: string | null },
): { readonly flag: RunFlag; readonly says: string }[] {
  if (row.flags === null) return [];
  const { flags, changes } = kept.parse(JSON.parse(row.flags));
  return flags.map((flag) => ({ flag, says: changes ? flagSentence(flag, row, changes) : withoutNumbers(flag, row) }));
}

/** Of an agent that tells no more than the flag. */
function withoutNumbers(flag: RunFlag, row: RunAmounts): string {
  switch (flag) {
    case "mass-deletion":
      return "Most files are gone: deleted, or left out now.";
    case "mass-change":
      return massChangeSentence(row);
    case "entropy-jump":
      return "Many files were replaced by content that can't be compressed: encrypted files look like that.";
  }
}
