/** A retention rule as a form has it, and in words. */
import type {
  PolicyName,
  RetentionNumbers,
  RetentionRule,
  RetentionView,
} from "../../../../protocol/messages/retention.ts";
import { numbersOf } from "../../../../protocol/retention-policies.ts";
import { text } from "../../messages/messages.ts";

const { retention: texts } = text.policies;

export const NUMBER_NAMES = ["last", "hourly", "daily", "weekly", "monthly", "quarterly", "yearly"] as const;
export const POLICY_NAMES = Object.keys(texts.names) as readonly PolicyName[]; // The table of these very names.

export interface RuleValues extends Record<string, unknown> {
  /** Empty: as the level above says. */
  readonly policy: PolicyName | "own" | "";
  readonly numbers: RetentionNumbers;
  readonly graceDays: number | "";
}

type Holding = RetentionView["effective"];

export const valuesOf = ({ own, effective }: Pick<RetentionView, "own" | "effective">): RuleValues => ({
  policy: own.policy === null ? "" : typeof own.policy === "string" ? own.policy : "own",
  // Who begins numbers of their own begins with what holds.
  numbers: own.policy !== null && typeof own.policy !== "string" ? own.policy : effective.numbers,
  graceDays: own.graceDays ?? "",
});

export const ruleOf = ({ policy, numbers, graceDays }: RuleValues): RetentionRule => ({
  policy: policy === "" ? null : policy === "own" ? numbers : policy,
  graceDays: graceDays === "" ? null : graceDays,
});

/** What would hold under it. */
export const wouldHold = (
  { policy, graceDays }: RetentionRule,
  inherited: Pick<Holding, "numbers" | "graceDays">,
): Pick<Holding, "numbers" | "graceDays"> => ({
  numbers: policy === null ? inherited.numbers : numbersOf(policy),
  graceDays: graceDays ?? inherited.graceDays,
});

export const policyText = (policy: Holding["policy"]): string =>
  typeof policy === "string" ? texts.names[policy] : texts.own;

/** `the newest of 32 days, the newest of 12 months` */
export function numbersText(numbers: RetentionNumbers): string {
  const said = NUMBER_NAMES.filter((name) => numbers[name] > 0).map((name) => texts.counts[name](numbers[name]));
  return said.length === 0 ? texts.onlyNewest : said.join(", ");
}

export const heldText = ({ numbers, graceDays }: Pick<Holding, "numbers" | "graceDays">): string =>
  texts.keepsFor(numbersText(numbers), graceDays);
