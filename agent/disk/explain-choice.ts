/** Why something is backed up or not: the same decisions as a walk's, for one path from the top down, with what decided. */
import { readFileSync } from "node:fs";
import { Chooser, type SetState, type Standing } from "./choice/chooser.ts";
import { diskLetterCase } from "./choice/name-matcher.ts";
import type { Place } from "./choice/places.ts";
import { allRoots, setHere, wholeSet } from "./choice/sets-here.ts";
import { CACHE_TAG, isCacheTag } from "./defaults/cache-tag.ts";
import type { DefaultNodes } from "./defaults/default-rules.ts";
import type { DefaultRule } from "./defaults/table.ts";
import { diskPath, shownPath } from "./disk-path.ts";
import { type Found, findOnDisk, isGone, readError } from "./found.ts";
import { decide, type IgnoreRule, RULE_FILE, type RuleScope, restartedScope, rulesBelow } from "./ignore-rules.ts";
import { join } from "./join-path.ts";
import { findVirtual } from "./platform/file-system.ts";
import type { NetworkMount } from "./platform/network-mounts.ts";
import { resolveParent, type Selection, select } from "./selection.ts";
import { Stops } from "./stops.ts";
import type { WalkOptions } from "./walk.ts";

/** What leaves something out before any set is asked. */
export type Cause =
  | { readonly kind: "rule"; readonly rule: IgnoreRule }
  | { readonly kind: "default"; readonly rule: DefaultRule }
  | { readonly kind: "cache-tag" }
  | { readonly kind: "own-data" }
  | { readonly kind: "network-drive"; readonly mount: NetworkMount }
  | { readonly kind: "virtual"; readonly fileSystem: string }
  | { readonly kind: "other-file-system" };

export interface Explanation {
  /** Of a folder: something in it may be. */
  readonly isTaken: boolean;
  readonly cause: Cause | undefined;
  /** What `cause` is about: the thing itself or a folder above it. A catalog path. */
  readonly matched: Buffer;
  /** The rule by which it is not ignored, although another would have it so. */
  readonly kept: IgnoreRule | undefined;
  /** What each set says. */
  readonly states: readonly SetState[];
  /** `undefined` when it is not there: it is decided as an empty new file would be. */
  readonly found: Found | undefined;
}

/** What is known of the folder above. */
interface Ground {
  readonly path: Buffer;
  readonly selection: Selection | undefined;
  readonly standing: Standing;
  readonly place: Place | undefined;
  readonly nodes: DefaultNodes;
  readonly scope: RuleScope;
  readonly isIgnored: boolean;
  readonly cut: { readonly cause: Cause; readonly matched: Buffer } | undefined;
  readonly dev: bigint | undefined;
  readonly rootDev: bigint | undefined;
}

export class Explainer {
  readonly #options: Omit<WalkOptions, "onProblem">;
  readonly #chooser: Chooser;
  readonly #stops: Stops;
  readonly #top: Selection;
  readonly #nowMs: number;

  constructor(options: Omit<WalkOptions, "onProblem">) {
    const { roots, choice, leftOut = [], refusedMounts = [] } = options;
    const { sets = [], nowMs = 0 } = choice ?? {};
    this.#options = options;
    this.#nowMs = nowMs;
    this.#chooser = new Chooser([wholeSet(roots), ...sets.map(setHere)], { nowMs, letterCase: diskLetterCase });
    this.#stops = new Stops(leftOut, refusedMounts);
    this.#top = select(allRoots(roots, sets), () => undefined);
  }

  /** `path`: a catalog path; symlinks on the way are followed. Throws `file/unreadable` for a rule file. */
  explain(path: Buffer): Explanation {
    const real = resolveParent(path, () => undefined) ?? path;
    let ground = this.#ground();
    const names = real.length === 0 ? [] : real.toString("latin1").split("/");
    for (const [index, name] of names.entries()) {
      const step = this.#step(ground, name, index === names.length - 1);
      if ("isTaken" in step) return step;
      ground = step;
    }
    const isTaken = this.#chooser.holds(ground.standing, ground.place);
    return {
      isTaken,
      cause: undefined,
      matched: real,
      kept: undefined,
      states: ground.standing.states,
      found: findQuietly(real),
    };
  }

  #ground(): Ground {
    const { configured, defaults } = this.#options;
    return {
      path: EMPTY,
      selection: this.#top,
      standing: this.#chooser.top,
      place: this.#chooser.places,
      nodes: defaults?.top ?? [],
      scope: readRules(EMPTY, { configured, rules: undefined, from: 0 }),
      isIgnored: false,
      cut: undefined,
      dev: undefined,
      rootDev: undefined,
    };
  }

  #step(above: Ground, name: string, isLast: boolean): Explanation | Ground {
    const chooser = this.#chooser;
    const { defaults, oneFileSystem } = this.#options;
    const path = join(above.path.length === 0 ? EMPTY : join(above.path, "", "/"), name);
    const selection = above.selection?.below.get(name);
    const isRoot = selection?.isRoot ?? false;
    const place = chooser.place(above.place, name);
    const stop = this.#stops.find(name, path);
    const found = stop ? undefined : findQuietly(path);
    const isFolder = !isLast || stop !== undefined || found?.type === "folder";
    const nodes = defaults?.below(above.nodes, name) ?? [];
    const decision = above.isIgnored ? undefined : decide(path, isFolder, above.scope);
    const isIgnored = above.isIgnored || (decision?.ignored ?? false);
    const rule = isRoot ? undefined : defaults?.find(nodes, name, isFolder);
    const out: Cause | undefined = stop
      ? stopCause(stop)
      : decision?.ignored && decision.rule
        ? { kind: "rule", rule: decision.rule }
        : rule && { kind: "default", rule };
    const cutHere = out && (stop || !isRoot) ? { cause: out, matched: path } : undefined;
    const cut = stop ? cutHere : isRoot ? undefined : (above.cut ?? cutHere);
    const from = above.cut || out ? chooser.ended(above.standing) : above.standing;
    const states = chooser.statesOf(from, name, place, isFolder ? undefined : (found ?? newFile(this.#nowMs)));
    const standing = isFolder ? chooser.below(from, name, place) : from;
    const isTaken =
      !cut &&
      (isFolder ? chooser.holds(standing, place) : chooser.takes(from, name, place, found ?? newFile(this.#nowMs)));
    if (isLast || stop) {
      const kept = decision?.ignored === false ? decision.rule : undefined;
      const said = cut ? chooser.statesOf(above.standing, name, place, isFolder ? undefined : found) : states;
      return { isTaken, cause: cut?.cause, matched: cut?.matched ?? path, kept, states: said, found };
    }
    const rootDev = isRoot ? found?.dev : above.rootDev;
    const inside =
      cut ?? this.#insideCause({ path, found, isRoot, dev: above.dev, rootDev, isEntered: isTaken, oneFileSystem });
    const scope = isRoot && isIgnored ? restartedScope(path, above.scope) : above.scope;
    return {
      path,
      selection,
      standing: inside ? chooser.ended(standing) : standing,
      place,
      nodes,
      scope: readRules(path, scope),
      isIgnored: isIgnored && !isRoot,
      cut: inside,
      dev: found?.dev,
      rootDev,
    };
  }

  /** Why a folder that is part of the backup is empty there. */
  #insideCause(of: {
    readonly path: Buffer;
    readonly found: Found | undefined;
    readonly isRoot: boolean;
    readonly dev: bigint | undefined;
    readonly rootDev: bigint | undefined;
    readonly isEntered: boolean;
    readonly oneFileSystem: boolean | undefined;
  }): Ground["cut"] {
    const { path, found, isRoot, dev, rootDev, isEntered, oneFileSystem } = of;
    if (!isEntered || !found) return undefined;
    const at = diskPath(path);
    try {
      if (oneFileSystem && !isRoot && found.dev !== rootDev)
        return { cause: { kind: "other-file-system" }, matched: path };
      const fileSystem = isRoot || found.dev !== dev ? findVirtual(at.path, path) : undefined;
      if (fileSystem !== undefined) return { cause: { kind: "virtual", fileSystem }, matched: path };
      const isCache = this.#options.defaults && !isRoot && isCacheTag(join(join(at.path, "", "/"), CACHE_TAG));
      return isCache ? { cause: { kind: "cache-tag" }, matched: path } : undefined;
    } finally {
      at.release();
    }
  }
}

const EMPTY = Buffer.alloc(0);

const newFile = (nowMs: number) => ({ type: "file", sizeBytes: 0, mtimeNs: BigInt(nowMs) * 1_000_000n }) as const;

const stopCause = ({ mount }: { readonly mount?: NetworkMount }): Cause =>
  mount ? { kind: "network-drive", mount } : { kind: "own-data" };

/** What can't be looked at is as good as not there. */
function findQuietly(path: Buffer): Found | undefined {
  try {
    return findOnDisk(path);
  } catch {
    return undefined;
  }
}

function readRules(folder: Buffer, scope: RuleScope): RuleScope {
  const path = join(folder.length === 0 ? EMPTY : join(folder, "", "/"), RULE_FILE);
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
