/** Why something is backed up or not: the same rules as a walk's, for one path. */
import { readFileSync } from "node:fs";
import { diskPath, shownPath } from "./disk-path.ts";
import { findOnDisk, isGone, readError } from "./found.ts";
import {
  decide,
  type IgnoreDecision,
  RULE_FILE,
  type RuleScope,
  type RuleSet,
  restartedScope,
  rulesBelow,
} from "./ignore-rules.ts";

export interface Explanation extends IgnoreDecision {
  /** What the rule matched: the thing itself or a folder above it. A catalog path. */
  readonly matched: Buffer;
}

/** Catalog paths. What does not exist is decided as a file would be. Throws `file/unreadable` for a rule file. */
export function explainIgnore(path: Buffer, configured: RuleSet | undefined, roots: readonly Buffer[]): Explanation {
  let scope: RuleScope = readRules(EMPTY, { configured, rules: undefined, from: 0 });
  let ignored: Explanation | undefined;
  for (const part of pathsDownTo(path)) {
    const isFolder = part.length < path.length || findOnDisk(part)?.type === "folder";
    const decision = ignored ?? { ...decide(part, isFolder, scope), matched: part };
    const isRoot = roots.some((root) => root.equals(part));
    if (part.length === path.length) return isRoot && decision.ignored ? { ignored: false, matched: part } : decision;
    if (isRoot && decision.ignored) scope = restartedScope(part, scope);
    ignored = decision.ignored && !isRoot ? decision : undefined;
    scope = readRules(part, scope);
  }
  return { ignored: false, matched: path };
}

const EMPTY = Buffer.alloc(0);
const SLASH = 0x2f;

function* pathsDownTo(path: Buffer): Generator<Buffer> {
  for (let slash = path.indexOf(SLASH); slash >= 0; slash = path.indexOf(SLASH, slash + 1))
    yield path.subarray(0, slash);
  if (path.length > 0) yield path;
}

function readRules(folder: Buffer, scope: RuleScope): RuleScope {
  const path = Buffer.concat([folder, Buffer.from(folder.length === 0 ? RULE_FILE : `/${RULE_FILE}`)]);
  let at: ReturnType<typeof diskPath> | undefined;
  try {
    at = diskPath(path);
    return { ...scope, rules: rulesBelow(folder, readFileSync(at.path), shownPath(path), scope.rules) };
  } catch (cause) {
    if (isGone(cause)) return scope;
    throw readError(path, cause);
  } finally {
    at?.release();
  }
}
