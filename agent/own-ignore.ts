/** Which rule decides about a path, in the words of this machine's settings. */
import { catalogPath, shownPath } from "./disk/disk-path.ts";
import { explainIgnore as explain } from "./disk/explain-ignore.ts";
import { configuredRules, type IgnoreRule } from "./disk/ignore-rules.ts";

export interface IgnoreExplanation {
  readonly ignored: boolean;
  readonly rule?: IgnoreRule | undefined;
  /** What the rule matched: the thing itself or a folder above it. An absolute path. */
  readonly matched: string;
}

/** Absolute paths. */
export function explainIgnore(options: {
  path: string;
  excludes: readonly string[];
  roots: readonly string[];
}): IgnoreExplanation {
  const { path, excludes, roots } = options;
  const rules = configuredRules(excludes, "settings");
  const explanation = explain(
    catalogPath(path),
    rules,
    roots.map((root) => catalogPath(root)),
  );
  return { ...explanation, matched: shownPath(explanation.matched) };
}
