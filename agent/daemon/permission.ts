/** Whether a backup may run at this moment: a pause holds up everything, conditions only what nobody asked for. */
import type { Conditions } from "../settings/work.ts";
import { type ConditionFacts, type LoadState, mayRun } from "./conditions.ts";
import { FOREVER, type Pause } from "./pause.ts";
import { waitsText } from "./words.ts";

/** A code for the service, words for people. */
export interface Because {
  readonly code: string;
  readonly text: string;
}

export interface Permission {
  readonly because: Because | undefined;
  /** Till then it stays so. */
  readonly until: number | undefined;
}

export interface PermissionFacts extends Omit<ConditionFacts, "load"> {
  readonly conditions: Conditions;
  /** Somebody at the machine wants the backup that runs. */
  readonly isWanted: boolean;
}

export class Permissions {
  readonly #pause: Pause;
  #load: LoadState | undefined;

  constructor(pause: Pause) {
    this.#pause = pause;
  }

  decide({ conditions, isWanted, ...facts }: PermissionFacts): Permission {
    const { until } = this.#pause;
    if (until !== undefined)
      return { because: { code: "paused", text: "paused" }, until: until === FOREVER ? undefined : until };
    if (isWanted && facts.isRunning) return { because: undefined, until: undefined };
    const { decision, load } = mayRun(conditions, { ...facts, load: this.#load });
    this.#load = load;
    if (decision.may) return { because: undefined, until: decision.until };
    const because = { code: decision.because[0]?.kind ?? "conditions", text: waitsText(decision.because) };
    return { because, until: decision.until };
  }
}
