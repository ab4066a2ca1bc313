/** What decides whether a path is backed up, in the words of this machine's settings and the service's policy. */
import { resolve } from "node:path";
import type { SetState } from "./disk/choice/chooser.ts";
import type { SetRule } from "./disk/choice/set-rules.ts";
import { rootsHere } from "./disk/choice/sets-here.ts";
import type { DefaultRule } from "./disk/defaults/table.ts";
import { catalogPath, shownPath } from "./disk/disk-path.ts";
import { type Cause, Explainer, type Explanation } from "./disk/explain-choice.ts";
import { configuredRules, type IgnoreRule } from "./disk/ignore-rules.ts";
import { isWithin } from "./model/path-order.ts";
import { ownSelection } from "./own-selection.ts";
import { findSettings } from "./settings.ts";

export type { SetRule } from "./disk/choice/set-rules.ts";

/** A word of a set about a path: `open` is one that includes nothing that fits. */
export type SetWord = SetRule & { readonly state: Exclude<SetState["kind"], "outside"> };

export type LeftOutBy =
  | { readonly kind: "rule"; readonly rule: IgnoreRule }
  | { readonly kind: "default"; readonly rule: DefaultRule }
  | { readonly kind: "cache-tag" | "own-data" | "other-file-system" }
  | { readonly kind: "network-drive"; readonly fileSystem: string; readonly mount: string }
  | { readonly kind: "virtual"; readonly fileSystem: string };

export interface PathExplanation {
  readonly isBackedUp: boolean;
  /** A root is this path or a folder above it. */
  readonly isSelected: boolean;
  readonly leftOutBy: LeftOutBy | undefined;
  /** What that matched: the thing itself or a folder above it. An absolute path. */
  readonly matched: string;
  /** A rule with `!` that keeps it. */
  readonly kept: IgnoreRule | undefined;
  readonly sets: readonly SetWord[];
  /** Absent when it is not there. */
  readonly found: { readonly isFolder: boolean; readonly sizeBytes: number; readonly modifiedAt: Date } | undefined;
}

/** `excludes`: besides those of the settings. Before registration rule files and these alone decide. */
export async function explainIgnore(options: {
  readonly dataFolder: string;
  /** Absolute. */
  readonly paths: readonly string[];
  readonly excludes: readonly string[];
  readonly nowMs: number;
}): Promise<readonly PathExplanation[]> {
  const { dataFolder, paths, nowMs } = options;
  const settings = await findSettings(dataFolder);
  const own = settings && (await ownSelection(dataFolder, settings, settings.kind));
  const sets = own?.sets ?? [];
  const configured = configuredRules([...(own?.excludes ?? []), ...options.excludes], "settings");
  const roots = sets.filter(({ exclusionary }) => !exclusionary).flatMap(rootsHere);
  const explainer = new Explainer({
    ...own,
    roots: [],
    choice: { sets, nowMs },
    leftOut: [catalogPath(resolve(dataFolder))],
    configured,
  });
  // Of what no set is about, people still ask whether patterns would leave it out.
  const patternsOnly = new Explainer({ roots: [Buffer.alloc(0)], configured });
  return paths.map((path) => {
    const catalog = catalogPath(path);
    const isSelected = roots.some((root) => isWithin(catalog, root));
    const explanation = (isSelected ? explainer : patternsOnly).explain(catalog);
    return shownExplanation(explanation, isSelected);
  });
}

function shownExplanation(
  { isTaken, cause, matched, kept, states, found }: Explanation,
  isSelected: boolean,
): PathExplanation {
  return {
    isBackedUp: isTaken && isSelected,
    isSelected,
    leftOutBy: cause && shownCause(cause),
    matched: shownPath(matched),
    kept,
    sets: isSelected
      ? states.flatMap((state) => (state.kind === "outside" ? [] : [{ ...state.by, state: state.kind }]))
      : [],
    found: found && {
      isFolder: found.type === "folder",
      sizeBytes: found.sizeBytes,
      modifiedAt: new Date(Number(found.mtimeNs / 1_000_000n)),
    },
  };
}

function shownCause(cause: Cause): LeftOutBy {
  if (cause.kind !== "network-drive") return cause;
  return { kind: "network-drive", fileSystem: cause.mount.kind, mount: shownPath(cause.mount.path) };
}
