/** Backup sets as they are said, made ready for this machine's disk. */
import { type BackupSet, type FileRules, NO_FILE_RULES } from "../../../protocol/messages/policies.ts";
import { catalogPath } from "../disk-path.ts";
import { resolveParent } from "../selection.ts";
import type { ChosenRules, ChosenSet } from "./chooser.ts";

/** One policy speaks to machines of all kinds: paths in another system's notation say nothing here. */
export function isPathHere(path: string, platform: NodeJS.Platform = process.platform): boolean {
  const isWindowsPath = /^[A-Za-z]:(?:[\\/]|$)|^\\\\/.test(path);
  return platform === "win32" ? isWindowsPath : path.startsWith("/");
}

/** Catalog paths; symlinks on the way are not yet followed. */
export const rootsHere = ({ roots }: Pick<BackupSet, "roots">): Buffer[] =>
  roots.filter((root) => isPathHere(root)).map((root) => catalogPath(root));

/** All that is wanted, each once. */
export function allRoots(roots: readonly Buffer[], sets: readonly BackupSet[]): Buffer[] {
  const wanted = sets.filter(({ exclusionary }) => !exclusionary).flatMap(rootsHere);
  const all = new Map([...roots, ...wanted].map((root) => [root.toString("latin1"), root]));
  return Array.from(all.values());
}

/** The set that settings call `roots`: everything below them. */
export const wholeSet = (roots: readonly Buffer[]): ChosenSet => ({
  name: "default",
  exclusionary: false,
  roots: roots.map(asFound),
  include: rulesHere(NO_FILE_RULES),
  exclude: rulesHere(NO_FILE_RULES),
});

export const setHere = (set: BackupSet): ChosenSet => ({
  name: set.name,
  exclusionary: set.exclusionary,
  roots: rootsHere(set).map(asFound),
  include: rulesHere(set.include),
  exclude: rulesHere(set.exclude),
});

function rulesHere(rules: FileRules): ChosenRules {
  const paths = rules.paths.filter((path) => isPathHere(path));
  return { ...rules, paths: paths.map((said) => ({ path: asFound(catalogPath(said)), said })) };
}

/** Symlinks on the way to it are followed, as a walk has it. What is not there may come: it stays as it was said. */
const asFound = (path: Buffer): Buffer => resolveParent(path, () => undefined) ?? path;
