/** After a backup: what the rule lets go is dropped, and packs that nothing needs go with it. The cap is the backup's own business (room.ts). */
import type { PolicyName, RetentionNumbers } from "../../protocol/messages/retention.ts";
import type { OpenCopy } from "./open-copy.ts";
import { collect, kept, type PruneOptions, prune } from "./prune.ts";
import { droppedByRule, retentionOf } from "./which-to-keep.ts";

export interface TidyOptions extends PruneOptions {
  readonly keep: PolicyName | RetentionNumbers;
  /** IANA name. */
  readonly timeZone: string;
  /** Chunks that are there no more. */
  readonly onGone: (chunks: readonly Buffer[]) => void;
}

export async function tidy(copy: OpenCopy, options: TidyOptions): Promise<void> {
  const dropped = droppedByRule(kept(copy), retentionOf(options.keep, options.timeZone));
  if (dropped.length === 0) return;
  await prune(copy, dropped, options);
  options.onGone(await collect(copy));
}
