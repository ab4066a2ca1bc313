/** The table of what is never taken, as a tree of names that is followed beside the walk; names that count anywhere stand apart. */
import { homedir } from "node:os";
import { diskLetterCase, type LetterCase, NameMatcher } from "../choice/name-matcher.ts";
import { placeKey } from "../choice/places.ts";
import { catalogPath } from "../disk-path.ts";
import { type DefaultRule, defaultRules, homePatterns } from "./table.ts";

export interface DefaultNode {
  readonly below: Map<string, DefaultNode>;
  /** By names with a star. */
  readonly matching: {
    readonly names: NameMatcher;
    readonly except: ReadonlySet<string>;
    readonly node: DefaultNode;
  }[];
  rule: DefaultRule | undefined;
}

/** Where a folder lies in the tree: mostly nowhere. */
export type DefaultNodes = readonly DefaultNode[];

const NOWHERE: DefaultNodes = [];
const newNode = (): DefaultNode => ({ below: new Map(), matching: [], rule: undefined });

export class DefaultRules {
  readonly rules: readonly DefaultRule[];
  readonly top: DefaultNodes;
  readonly #letterCase: LetterCase;
  readonly #anywhere: NameMatcher;
  readonly #byName: ReadonlyMap<string, DefaultRule>;

  /** `homes`: catalog paths, where `*` stands for any name. */
  constructor(rules: readonly DefaultRule[], homes: readonly string[], letterCase: LetterCase) {
    this.rules = rules;
    this.#letterCase = letterCase;
    const top = newNode();
    for (const rule of rules) {
      if (rule.pattern.startsWith("/")) this.#put(top, rule.pattern.slice(1), rule);
      if (rule.pattern.startsWith("~/")) for (const home of homes) this.#put(top, home + rule.pattern.slice(1), rule);
    }
    this.top = [top];
    const named = rules.filter(({ pattern }) => !/^~?\//.test(pattern));
    this.#byName = new Map(named.map((rule) => [rule.pattern, rule]));
    this.#anywhere = new NameMatcher(Array.from(this.#byName.keys()), letterCase);
  }

  /** Of a thing with this name (bytes as Latin-1) in the folder there. */
  below(nodes: DefaultNodes, name: string): DefaultNodes {
    if (nodes.length === 0) return NOWHERE;
    const key = placeKey(name, this.#letterCase);
    const found: DefaultNode[] = [];
    for (const { below, matching } of nodes) {
      const exact = below.get(key);
      if (exact) found.push(exact);
      for (const { names, except, node } of matching)
        if (!except.has(key) && names.find(name) !== undefined) found.push(node);
    }
    return found.length === 0 ? NOWHERE : found;
  }

  /** `nodes`: of the thing itself. Names that count anywhere are of folders. */
  find(nodes: DefaultNodes, name: string, isFolder: boolean): DefaultRule | undefined {
    for (const { rule } of nodes) if (rule) return rule;
    if (!isFolder || (name[0] !== "." && name[0] !== "$")) return undefined;
    const pattern = this.#anywhere.find(name);
    return pattern === undefined ? undefined : this.#byName.get(pattern);
  }

  #put(top: DefaultNode, path: string, rule: DefaultRule): void {
    let node = top;
    for (const part of path.split("/")) {
      const name = Buffer.from(part).toString("latin1");
      node = part.includes("*") ? this.#starred(node, part, rule) : this.#exact(node, name);
    }
    node.rule ??= rule;
  }

  #exact(node: DefaultNode, name: string): DefaultNode {
    const key = placeKey(name, this.#letterCase);
    const next = node.below.get(key) ?? newNode();
    node.below.set(key, next);
    return next;
  }

  #starred(above: DefaultNode, pattern: string, { except = [] }: DefaultRule): DefaultNode {
    const node = newNode();
    const names = new NameMatcher([pattern], this.#letterCase);
    above.matching.push({ names, except: new Set(except.map((name) => placeKey(name, this.#letterCase))), node });
    return node;
  }
}

/** Names that count anywhere must begin with a dot or a dollar sign: others are not even looked at. */
export function platformDefaults(): DefaultRules {
  const { platform } = process;
  const homes = new Set([...homePatterns(platform), catalogPath(homedir()).toString()]);
  return new DefaultRules(defaultRules(platform), Array.from(homes).filter(Boolean), diskLetterCase);
}
