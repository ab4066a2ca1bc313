/**
 * Brakes: when a backup looks as if much was deleted, changed or encrypted. Nothing is stopped by it; nothing of the history expires until somebody
 * has looked. The one place of these bounds, for agent and service.
 */

export const RUN_FLAGS = ["mass-deletion", "mass-change", "entropy-jump"] as const;
export type RunFlag = (typeof RUN_FLAGS)[number];

export const BRAKES = {
  /** Smaller backups change by large shares every day. */
  filesMin: 1000,
  /** More than this share of the files gone, or new and changed. */
  share: 0.5,
  /** Files that came in place of others, with so many bytes. Encrypted in place, or under another name: the old one is gone. */
  replacedFilesMin: 100,
  storedBytesMin: 1024 * 1024,
  /** What was stored in the past became smaller than this percentage; what is stored now does not become smaller. */
  percentBeforeMax: 80,
  percentMin: 97,
} as const;

/** What is known of a run when it is about to be committed. */
export interface RunChanges {
  /** In the snapshot before. */
  readonly filesBefore: number;
  /** Without those that only moved. */
  readonly filesGone: number;
  /** Changed ones, and new ones as far as others are gone. */
  readonly filesReplaced: number;
  /** Stored bytes for a hundred bytes of files whose type may be compressed; null: too few to tell. */
  readonly storedPercent: number | null;
  /** The same of the runs before, the last ones counting most. */
  readonly storedPercentBefore: number | null;
}

/** `files`, `filesEncoded` as in a run's counters. */
export interface RunAmounts {
  readonly files: number;
  readonly filesEncoded: number;
}

/** None on the first backup: there is nothing that it could harm. */
export function flagsOf(amounts: RunAmounts, changes: RunChanges): RunFlag[] {
  const { filesBefore, filesGone, filesReplaced, storedPercent, storedPercentBefore } = changes;
  if (filesBefore === 0) return [];
  const isDeletion = filesBefore >= BRAKES.filesMin && filesGone > filesBefore * BRAKES.share;
  const isJump =
    filesReplaced >= BRAKES.replacedFilesMin &&
    storedPercentBefore !== null &&
    storedPercentBefore <= BRAKES.percentBeforeMax &&
    storedPercent !== null &&
    storedPercent >= BRAKES.percentMin;
  const flags = { "mass-deletion": isDeletion, "mass-change": isMassChange(amounts), "entropy-jump": isJump };
  return RUN_FLAGS.filter((flag) => flags[flag]);
}

/** Not for a first backup, which is all new. */
export const isMassChange = ({ files, filesEncoded }: RunAmounts): boolean =>
  files >= BRAKES.filesMin && filesEncoded > files * BRAKES.share;

/** For people. */
export function flagSentence(flag: RunFlag, amounts: RunAmounts, changes: RunChanges): string {
  switch (flag) {
    case "mass-deletion":
      return `${changes.filesGone} of ${changes.filesBefore} files are gone: deleted, or left out now.`;
    case "mass-change":
      return massChangeSentence(amounts);
    case "entropy-jump":
      return `${changes.filesReplaced} files were replaced by content that can't be compressed (${changes.storedPercent} % of its size is stored, ${changes.storedPercentBefore} % before): encrypted files look like that.`;
  }
}

export const massChangeSentence = ({ files, filesEncoded }: RunAmounts): string =>
  `${filesEncoded} of ${files} files were new or changed.`;
