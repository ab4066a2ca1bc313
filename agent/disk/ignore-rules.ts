/**
 * What is left out, and which rule says so. Patterns have the syntax of .gitignore, letter case counts. Configured patterns decide
 * first; then the `.holdfastignore` files from the thing's own folder upwards, each for what lies below its folder; the
 * last matching line of a file decides. What is inside an ignored folder is ignored. Names that are not UTF-8 are compared as Latin-1.
 */
import { isUtf8 } from "node:buffer";
import ignore, { type Ignore } from "ignore";

export const RULE_FILE = ".holdfastignore";

export interface IgnoreRule {
  /** The rule file's path as people see it, or the name given for configured patterns. */
  readonly source: string;
  /** From 1. */
  readonly line: number;
  readonly pattern: string;
}

export interface IgnoreDecision {
  readonly ignored: boolean;
  /** Absent when no rule matches. A rule with `!` decides that it is not ignored. */
  readonly rule?: IgnoreRule;
}

/** The rules for the contents of one folder: those of its own file, and those of the folders above. */
export interface Rules {
  readonly folder: Buffer;
  readonly own: RuleSet | undefined;
  readonly above: Rules | undefined;
}

/** Rules for everything. `source` is what decisions name, for example "settings". */
export function configuredRules(patterns: readonly string[], source: string): RuleSet | undefined {
  return patterns.length === 0 ? undefined : new RuleSet(patterns, source);
}

/** `text`: the bytes of the folder's rule file. */
export function rulesBelow(folder: Buffer, text: Buffer, source: string, above: Rules | undefined): Rules {
  return { folder, own: new RuleSet(text.toString().split(/\r?\n/), source), above };
}

/**
 * Below a root that rules ignore themselves, the user's explicit wish starts anew: only rule files from the root on count, and
 * configured patterns see paths from the root on.
 */
export interface RuleScope {
  readonly configured: RuleSet | undefined;
  readonly rules: Rules | undefined;
  /** Where the part of a path begins that configured patterns see. */
  readonly from: number;
}

export const restartedScope = (root: Buffer, scope: RuleScope): RuleScope => ({
  configured: scope.configured,
  rules: undefined,
  from: root.length + 1,
});

/** `path` is not inside an ignored folder: callers decide folders first and don't enter ignored ones. */
export function decide(path: Buffer, isFolder: boolean, scope: RuleScope): IgnoreDecision {
  const decided = scope.configured?.decide(asText(path.subarray(scope.from)), isFolder);
  if (decided) return decided;
  for (let level = scope.rules; level; level = level.above) {
    const below = path.subarray(level.folder.length === 0 ? 0 : level.folder.length + 1);
    const found = level.own?.decide(asText(below), isFolder);
    if (found) return found;
  }
  return NOT_IGNORED;
}

const NOT_IGNORED: IgnoreDecision = { ignored: false };
/** The matcher remembers every path it saw; it is made anew after as many, so that memory stays flat. */
const TESTS_MAX = 10_000;

export class RuleSet {
  readonly #source: string;
  readonly #patterns: readonly string[];
  #matcher: Ignore;
  #tests = 0;

  constructor(patterns: readonly string[], source: string) {
    this.#patterns = patterns;
    this.#source = source;
    this.#matcher = matcherOf(patterns);
  }

  /** `undefined` when no pattern matches. `path` is relative to the rules' folder. */
  decide(path: string, isFolder: boolean): IgnoreDecision | undefined {
    if (++this.#tests % TESTS_MAX === 0) this.#matcher = matcherOf(this.#patterns);
    const tested = isFolder ? `${path}/` : path;
    const result = this.#matcher.test(tested);
    if (result.ignored) return { ignored: true, rule: this.#rule(Number(result.rule?.mark ?? 1)) };
    if (result.unignored) return { ignored: false, rule: this.#rule(this.#lineThatKeeps(tested)) };
    return undefined;
  }

  #rule(line: number): IgnoreRule {
    return { source: this.#source, line, pattern: this.#patterns[line - 1] ?? "" };
  }

  /** The matcher does not say which `!` line matched. */
  #lineThatKeeps(path: string): number {
    const line = this.#patterns.findLastIndex(
      (pattern) => pattern.startsWith("!") && matcherOf([pattern.slice(1)]).test(path).ignored,
    );
    return line + 1;
  }
}

function matcherOf(patterns: readonly string[]): Ignore {
  return ignore({ ignorecase: false, allowRelativePaths: true }).add(
    patterns.map((pattern, index) => ({ pattern, mark: String(index + 1) })),
  );
}

function asText(path: Buffer): string {
  if (isUtf8(path)) return path.toString();
  const names = path.toString("latin1").split("/");
  return names
    .map((name) => {
      const bytes = Buffer.from(name, "latin1");
      return isUtf8(bytes) ? bytes.toString() : name;
    })
    .join("/");
}
