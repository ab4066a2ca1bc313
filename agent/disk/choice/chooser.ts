/**
 * Backup sets together: what any of them takes is part of the backup, and what an exclusionary one takes is not. A set takes what lies
 * below its roots, is included (everything, when it names nothing) and not left out; the nearest root of a set begins anew. What is inside an
 * included or left out folder goes with it. Pure: names and looks in, decisions out, from the top down as a walk goes.
 */
import type { FileRules } from "../../../protocol/messages/policies.ts";
import type { LetterCase } from "./name-matcher.ts";
import { newPlace, type Place, placeKey, putPlace } from "./places.ts";
import { type FileLook, type SetRule, SetRules } from "./set-rules.ts";

export interface ChosenSet {
  readonly name: string;
  readonly exclusionary: boolean;
  /** Catalog paths, as `paths` are. */
  readonly roots: readonly Buffer[];
  readonly include: ChosenRules;
  readonly exclude: ChosenRules;
}

export type ChosenRules = Omit<FileRules, "paths"> & {
  readonly paths: readonly { readonly path: Buffer; readonly said: string }[];
};

/** What a set says of a folder's contents, or of one thing. `open`: it takes what it includes. */
export type SetState =
  | { readonly kind: "outside" }
  | { readonly kind: "open" | "taken" | "left-out"; readonly by: SetRule };

/** What all sets say of a folder's contents. */
export interface Standing {
  readonly states: readonly SetState[];
  /** No rule of any set looks at names or files here: everything goes with the folder, or nothing does. */
  readonly isPlain: boolean;
  readonly isTaken: boolean;
}

interface CompiledSet {
  readonly isExclusionary: boolean;
  readonly include: SetRules;
  readonly exclude: SetRules;
}

const OUTSIDE: SetState = { kind: "outside" };

export class Chooser {
  readonly #sets: readonly CompiledSet[];
  readonly #letterCase: LetterCase;
  /** Of the folder above all others. */
  readonly places: Place = newPlace();
  readonly top: Standing;

  /** `nowMs`: ages are counted from it. */
  constructor(sets: readonly ChosenSet[], { nowMs, letterCase }: { nowMs: number; letterCase: LetterCase }) {
    this.#letterCase = letterCase;
    this.#sets = sets.map((set, index) => this.#compile(set, index, nowMs));
    this.top = this.#standing(this.#sets.map((_, index) => this.#stateAt(index, OUTSIDE, "", this.places, undefined)));
  }

  place(above: Place | undefined, name: string): Place | undefined {
    return above?.below.get(placeKey(name, this.#letterCase));
  }

  /** Of a folder with this name in one with that standing. `name`: the bytes as Latin-1. */
  below(above: Standing, name: string, place: Place | undefined): Standing {
    if (above.isPlain && place === undefined) return above;
    let states: SetState[] | undefined;
    for (const [index, before] of above.states.entries()) {
      const state = this.#stateAt(index, before, name, place, undefined);
      if (state === before) continue;
      states ??= [...above.states];
      states[index] = state;
    }
    return states ? this.#standing(states) : above;
  }

  /** Whether something that is no folder is part of the backup. */
  takes(above: Standing, name: string, place: Place | undefined, look: FileLook): boolean {
    if (above.isPlain && place === undefined) return above.isTaken;
    let isTaken = false;
    for (const [index, before] of above.states.entries()) {
      if (this.#stateAt(index, before, name, place, look).kind !== "taken") continue;
      if (this.#sets[index]?.isExclusionary) return false;
      isTaken = true;
    }
    return isTaken;
  }

  /** The same for people: what each set says. `look` is absent for folders. */
  statesOf(above: Standing, name: string, place: Place | undefined, look: FileLook | undefined): readonly SetState[] {
    return above.states.map((before, index) => this.#stateAt(index, before, name, place, look));
  }

  /** Whether anything in the folder may be part of the backup, apart from roots further down. */
  holds(standing: Standing, place: Place | undefined): boolean {
    if (standing.isPlain && place === undefined) return standing.isTaken;
    let mayHold = false;
    for (const [index, state] of standing.states.entries()) {
      const set = this.#sets[index];
      if (!set || state.kind === "outside" || state.kind === "left-out") continue;
      const leads = place?.leads.has(index) ?? false;
      if (!set.isExclusionary) mayHold ||= state.kind === "taken" || set.include.isLoose || leads;
      else if (state.kind === "taken" && !set.exclude.isLoose && !leads) return false;
    }
    return mayHold;
  }

  /** Nothing below is taken but from a root on: somebody's wish from above ends here. What exclusionary sets take stays so. */
  ended(standing: Standing): Standing {
    return this.#standing(standing.states.map((state, index) => (this.#sets[index]?.isExclusionary ? state : OUTSIDE)));
  }

  isExclusionary(index: number): boolean {
    return this.#sets[index]?.isExclusionary ?? false;
  }

  #stateAt(
    index: number,
    before: SetState,
    name: string,
    place: Place | undefined,
    look: FileLook | undefined,
  ): SetState {
    const set = this.#sets[index];
    if (!set) return OUTSIDE;
    const root = place?.roots.get(index);
    if (root) return { kind: set.include.isEmpty || look ? "taken" : "open", by: root };
    if (before.kind === "outside" || before.kind === "left-out") return before;
    const out = place?.exclude.get(index) ?? ruleFor(set.exclude, name, look);
    if (out) return { kind: "left-out", by: out };
    if (before.kind === "taken") return before;
    const taken = place?.include.get(index) ?? ruleFor(set.include, name, look);
    return taken ? { kind: "taken", by: taken } : before;
  }

  #standing(states: readonly SetState[]): Standing {
    let [isPlain, isTaken, isRemoved] = [true, false, false];
    for (const [index, { kind }] of states.entries()) {
      const set = this.#sets[index];
      if (!set || kind === "outside" || kind === "left-out") continue;
      if (kind === "open" || set.exclude.isLoose) isPlain = false;
      if (kind !== "taken") continue;
      if (set.isExclusionary) isRemoved = true;
      else isTaken = true;
    }
    return { states, isPlain, isTaken: isTaken && !isRemoved };
  }

  #compile(set: ChosenSet, index: number, nowMs: number): CompiledSet {
    const letterCase = this.#letterCase;
    const ruleOf =
      (part: SetRule["part"]) =>
      (field: SetRule["field"], value: SetRule["value"]): SetRule => ({
        set: set.name,
        isExclusionary: set.exclusionary,
        part,
        field,
        value,
      });
    for (const root of set.roots)
      putPlace(this.places, root, { set: index, rule: ruleOf("roots")("roots", `/${root}`), letterCase });
    const side = (part: "include" | "exclude"): SetRules => {
      for (const { path, said } of set[part].paths)
        putPlace(this.places, path, { set: index, rule: ruleOf(part)("paths", said), letterCase });
      const rules = { ...set[part], paths: set[part].paths.map(({ said }) => said) };
      return new SetRules({ rules, nowMs, letterCase, rule: ruleOf(part) });
    };
    return { isExclusionary: set.exclusionary, include: side("include"), exclude: side("exclude") };
  }
}

function ruleFor(rules: SetRules, name: string, look: FileLook | undefined): SetRule | undefined {
  return rules.findName(name) ?? (look && rules.findFileRule(name, look));
}
