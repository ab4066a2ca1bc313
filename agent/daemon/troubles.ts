/** What somebody must see to, in the order of weight; each with what to do. Pure. */
import { formatBytes } from "../../base/format-bytes.ts";
import { timeSince } from "../../base/time-since.ts";
import { HoldfastError, isErrorCode } from "../../protocol/errors.ts";
import type { RunView, TroubleView } from "../control/messages.ts";
import type { LocalFacts, QuotaFacts } from "./parts.ts";

export interface TroubleFacts {
  readonly nowMs: number;
  readonly isAnythingChosen: boolean;
  readonly warningDays: number;
  /** When this agent was here first. */
  readonly beganAt: number;
  readonly lastUpdateAt: number | undefined;
  readonly last: RunView | undefined;
  readonly unreachedSince: number | undefined;
  readonly quota: QuotaFacts | undefined;
  readonly isWatchComplete: boolean;
  readonly configError: HoldfastError | undefined;
  readonly local: LocalFacts | undefined;
  /** Restores that wait for somebody here. */
  readonly orders: number;
}

const DAY_MS = 86_400_000;
const UNREACHED_MS = 60 * 60_000;
/** Of the limit. */
const QUOTA_SHARE = 0.9;

export function troublesOf(facts: TroubleFacts): TroubleView[] {
  const { nowMs, last, quota, local, configError, warningDays } = facts;
  const found: (HoldfastError | TroubleView | undefined)[] = [
    configError,
    facts.isAnythingChosen ? undefined : new HoldfastError("root/none"),
    last && (last.result === "failed" || last.result === "incomplete") ? lastRun(last) : undefined,
    isOld(facts)
      ? trouble(
          "backup/old",
          facts.lastUpdateAt === undefined
            ? "This machine has never been backed up."
            : `The last whole backup was ${timeSince(facts.lastUpdateAt, nowMs)}; you wanted a warning after ${warningDays} ${warningDays === 1 ? "day" : "days"}.`,
          "`holdfast backup` makes one now; `holdfast logs` says what went wrong.",
        )
      : undefined,
    facts.unreachedSince !== undefined && nowMs - facts.unreachedSince > UNREACHED_MS
      ? trouble(
          "service/away",
          `The service has not answered for ${timeSince(facts.unreachedSince, nowMs).replace(/ ago$/, "")}.`,
          "Check the network and the service's address in the settings; backups go on by themselves when it is back.",
        )
      : undefined,
    quota && isNearlyFull(quota)
      ? trouble(
          "quota/near",
          `Only ${formatBytes(quota.availableBytes ?? 0)} of storage are left.`,
          "Ask your administrator for more, or back up less: `holdfast sets`.",
        )
      : undefined,
    local && !local.isPresent
      ? trouble(
          "local/missing",
          `The folder of the local copy, ${local.folder}, is not there.`,
          "Connect the disk; what was missed is made up for.",
        )
      : undefined,
    facts.isWatchComplete
      ? undefined
      : trouble(
          "watch/incomplete",
          "Not all folders can be watched; changes there wait for the daily look at everything.",
          "`holdfast logs` says which and why; on Linux fs.inotify.max_user_watches may be too low.",
        ),
    facts.orders > 0
      ? trouble(
          "order/waiting",
          facts.orders === 1
            ? "A restore that was ordered waits for you."
            : `${facts.orders} ordered restores wait for you.`,
          "`holdfast orders` lists them.",
        )
      : undefined,
  ];
  return found.flatMap((each) => (each === undefined ? [] : [asTrouble(each)]));
}

const asTrouble = (each: HoldfastError | TroubleView): TroubleView =>
  each instanceof HoldfastError ? { code: each.code, message: each.message, hint: each.hint } : each;

const trouble = (code: string, message: string, hint: string): TroubleView => ({ code, message, hint });

function lastRun({ result, code = "bug/unexpected", message }: RunView): TroubleView | undefined {
  const said = message ?? (isErrorCode(code) ? new HoldfastError(code).message : code);
  const hint = isErrorCode(code) ? new HoldfastError(code).hint : "See `holdfast logs`.";
  const what = result === "failed" ? "The last backup failed" : "The last backup lacks something";
  return { code, message: `${what}: ${said}`, hint };
}

const isOld = ({ nowMs, lastUpdateAt, beganAt, warningDays }: TroubleFacts): boolean =>
  nowMs - (lastUpdateAt ?? beganAt) > warningDays * DAY_MS;

const isNearlyFull = ({ usedBytes, limitBytes, availableBytes }: QuotaFacts): boolean =>
  availableBytes !== null && availableBytes < (1 - QUOTA_SHARE) * (limitBytes ?? usedBytes + availableBytes);
