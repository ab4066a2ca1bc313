/** `holdfast ignore-test`: what decides whether a path is backed up. */
import { resolve } from "node:path";
import { explainIgnore, type LeftOutBy, type PathExplanation, type SetWord } from "../../agent/index.ts";
import type { Context } from "../context.ts";
import { type Define, examples } from "../define.ts";
import { shown } from "../names.ts";
import { counted, size } from "../units.ts";
import { ruleWords } from "../words/set-rules.ts";

export const define: Define = (command, act) => {
  command
    .argument("<paths...>", "files or folders, whether they exist or not")
    .option("--exclude <pattern>", "as if this were excluded too; repeatable", (value, before: string[] = []) => [
      ...before,
      value,
    ])
    .addHelpText(
      "after",
      examples([
        ["holdfast ignore-test ~/documents/draft.tmp", "is it backed up, and what decides"],
        ["holdfast ignore-test --exclude '*.tmp' ~/documents/draft.tmp", "would this pattern leave it out"],
      ]),
    )
    .action(act(run));
};

async function run(context: Context, names: string[], options: { exclude?: string[] }): Promise<undefined> {
  const { terminal, dataFolder, clock } = context;
  const paths = names.map((each) => resolve(each));
  const nowMs = clock.now();
  const all = await explainIgnore({ dataFolder, paths, excludes: options.exclude ?? [], nowMs });
  for (const [index, path] of paths.entries()) {
    const explanation = all[index];
    if (!explanation) continue;
    if (terminal.manner.json) terminal.json({ path, ...jsonOf(explanation) });
    else terminal.lines(linesOf(context, path, explanation, nowMs));
  }
}

function jsonOf({ isBackedUp, isSelected, leftOutBy, kept, found, ...rest }: PathExplanation) {
  const rule = leftOutBy?.kind === "rule" ? leftOutBy.rule : kept;
  return {
    backedUp: isBackedUp,
    selected: isSelected,
    ignored: leftOutBy !== undefined,
    leftOutBy,
    rule,
    found,
    ...rest,
  };
}

function linesOf({ terminal }: Context, path: string, explanation: PathExplanation, nowMs: number): string[] {
  const { isBackedUp, isSelected, leftOutBy, matched, kept, sets } = explanation;
  const verdict = isBackedUp
    ? terminal.style("green", explanation.found?.isFolder ? "backed up, or something in it" : "backed up")
    : isSelected || leftOutBy
      ? terminal.style("yellow", "left out")
      : "not left out, but in no folder that is backed up";
  const through = leftOutBy && matched !== path ? ` (matches ${shown(matched)})` : "";
  const why = leftOutBy
    ? `${causeWords(leftOutBy)}${through}`
    : kept
      ? `kept by ${shown(kept.source)}, line ${kept.line}: ${shown(kept.pattern)}`
      : "no pattern matches";
  return [
    `${shown(path)}: ${verdict}; ${why}`,
    ...(leftOutBy ? [] : sets.filter(isTelling).map((word) => `  ${setWord(word)}`)),
    `  ${lookWords(explanation, nowMs)}`,
  ];
}

function causeWords(by: LeftOutBy): string {
  switch (by.kind) {
    case "rule":
      return `${shown(by.rule.source)}, line ${by.rule.line}: ${shown(by.rule.pattern)}`;
    case "default":
      return `left out by default, ${shown(by.rule.pattern)}: ${by.rule.reason} (\`holdfast sets --defaults\`)`;
    case "cache-tag":
      return "the folder says that it is a cache, by its CACHEDIR.TAG";
    case "own-data":
      return "Holdfast's own data";
    case "network-drive":
      return `a network drive (${shown(by.fileSystem)}, mounted at ${shown(by.mount)}), which a Desktop licence doesn't cover`;
    case "virtual":
      return `a virtual file system (${shown(by.fileSystem)})`;
    case "other-file-system":
      return "another file system than its root's (--one-file-system)";
  }
}

/** An exclusionary set that has nothing to do with it needs no line. */
const isTelling = ({ isExclusionary, state }: SetWord): boolean => !(isExclusionary && state === "open");

function setWord({ set, isExclusionary, field, value, state }: SetWord): string {
  const name = `set ${shown(set)}`;
  const rule = ruleWords(field, value);
  switch (state) {
    case "taken":
      return isExclusionary ? `${name} leaves it out of all sets: ${rule}` : `${name} takes it: ${rule}`;
    case "left-out":
      return isExclusionary ? `${name} keeps it: ${rule}` : `${name} leaves it out: ${rule}`;
    case "open":
      return `${name}, ${ruleWords(field, value)}: none of what it includes fits`;
  }
}

function lookWords({ found }: PathExplanation, nowMs: number): string {
  if (!found) return "not there: decided as a new, empty file";
  if (found.isFolder) return "a folder";
  const days = Math.floor((nowMs - found.modifiedAt.getTime()) / 86_400_000);
  const age = days < 1 ? "changed within a day" : `changed ${counted(days, "day")} ago`;
  return `${size(found.sizeBytes)}, ${age}`;
}
