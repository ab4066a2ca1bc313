/** The rules of one side (included, left out) of a backup set, made ready for a walk. Any that fits is enough. Paths are in places.ts. */
import type { FileRules } from "../../../protocol/messages/policies.ts";
import type { Found } from "../found.ts";
import { type LetterCase, NameMatcher, nameText } from "./name-matcher.ts";

/** The rule that decides, as the set says it. */
export interface SetRule {
  readonly set: string;
  readonly isExclusionary: boolean;
  readonly part: "roots" | "include" | "exclude";
  readonly field: "roots" | keyof FileRules;
  /** A path, a name, an ending, bytes or days. */
  readonly value: string | number;
}

/** Of a thing on the disk, what rules of files look at. */
export type FileLook = Pick<Found, "type" | "sizeBytes" | "mtimeNs">;

const DAY_NS = 86_400_000_000_000n;

export class SetRules {
  readonly #rules: FileRules;
  readonly #names: NameMatcher;
  readonly #types: ReadonlyMap<string, string>;
  readonly #longTypes: readonly string[];
  readonly #nowNs: bigint;
  readonly #rule: (field: keyof FileRules, value: string | number) => SetRule;

  constructor(options: {
    readonly rules: FileRules;
    readonly nowMs: number;
    readonly letterCase: LetterCase;
    readonly rule: (field: keyof FileRules, value: string | number) => SetRule;
  }) {
    const { rules, nowMs, letterCase, rule } = options;
    this.#rules = rules;
    this.#rule = rule;
    this.#nowNs = BigInt(Math.trunc(nowMs)) * 1_000_000n;
    this.#names = new NameMatcher(rules.names, letterCase);
    const types = rules.types.map((type) => [type.replace(/^\./, "").toLowerCase(), type] as const);
    this.#types = new Map(types);
    // Such as tar.gz: the ending after the last dot says too little.
    this.#longTypes = types.map(([type]) => type).filter((type) => type.includes("."));
  }

  get isEmpty(): boolean {
    return this.#rules.paths.length === 0 && !this.isLoose;
  }

  /** Something anywhere below a folder may match. */
  get isLoose(): boolean {
    return this.hasNames || this.hasFileRules;
  }

  get hasNames(): boolean {
    return !this.#names.isEmpty;
  }

  get hasFileRules(): boolean {
    const { largerThanBytes, smallerThanBytes, olderThanDays, newerThanDays } = this.#rules;
    return (
      this.#types.size > 0 ||
      [largerThanBytes, smallerThanBytes, olderThanDays, newerThanDays].some((limit) => limit !== null)
    );
  }

  /** Of files and folders. */
  findName(name: string): SetRule | undefined {
    const pattern = this.#names.find(name);
    return pattern === undefined ? undefined : this.#rule("names", pattern);
  }

  /** Of what is no folder; sizes and ages are of files only. */
  findFileRule(name: string, look: FileLook): SetRule | undefined {
    const type = this.#findType(name);
    if (type !== undefined) return this.#rule("types", type);
    if (look.type !== "file") return undefined;
    const { largerThanBytes, smallerThanBytes, olderThanDays, newerThanDays } = this.#rules;
    if (largerThanBytes !== null && look.sizeBytes > largerThanBytes)
      return this.#rule("largerThanBytes", largerThanBytes);
    if (smallerThanBytes !== null && look.sizeBytes < smallerThanBytes)
      return this.#rule("smallerThanBytes", smallerThanBytes);
    if (olderThanDays !== null && look.mtimeNs < this.#nowNs - BigInt(olderThanDays) * DAY_NS)
      return this.#rule("olderThanDays", olderThanDays);
    if (newerThanDays !== null && look.mtimeNs > this.#nowNs - BigInt(newerThanDays) * DAY_NS)
      return this.#rule("newerThanDays", newerThanDays);
    return undefined;
  }

  /** A name that begins with its only dot has no ending. */
  #findType(name: string): string | undefined {
    if (this.#types.size === 0) return undefined;
    const dot = name.lastIndexOf(".");
    if (dot <= 0) return undefined;
    const text = nameText(name).toLowerCase();
    const found = this.#types.get(text.slice(text.lastIndexOf(".") + 1));
    if (found !== undefined) return found;
    const long = this.#longTypes.find((type) => text.endsWith(`.${type}`) && text.length > type.length + 1);
    return long === undefined ? undefined : this.#types.get(long);
  }
}
