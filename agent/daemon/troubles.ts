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
  readonly unreached: { readonly since: number; readonly error: HoldfastError } | undefined;
  readonly quota: QuotaFacts | undefined;
  readonly isWatchComplete: boolean;
  /** Roots that are not there. */
  readonly missing: readonly string[];
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
    // What keeps the settings from being read makes backups fail, too: said once.
    last && (configError === undefined || last.code !== configError.code) && isWrong(last) ? lastRun(last) : undefined,
    isOld(facts)
      ? trouble(
          "backup/old",
          facts.lastUpdateAt === undefined
            ? "This machine has never been backed up."
            : `The last whole backup was ${timeSince(facts.lastUpdateAt, nowMs)}; you wanted a warning after ${warningDays} ${warningDays === 1 ? "day" : "days"}.`,
          "`holdfast backup` makes one now; `holdfast logs` says what went wrong.",
        )
      : undefined,
    facts.unreached && unreachedTrouble(facts.unreached, nowMs),
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
    facts.missing[0] === undefined
      ? undefined
      : new HoldfastError("root/missing", { path: facts.missing.join(", "), reason: "it is not there" }),
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

const isWrong = ({ result }: RunView): boolean => result === "failed" || result === "incomplete";

function lastRun({ result, code = "bug/unexpected", message }: RunView): TroubleView | undefined {
  const said = message ?? (isErrorCode(code) ? new HoldfastError(code).message : code);
  const hint = isErrorCode(code) ? new HoldfastError(code).hint : "See `holdfast logs`.";
  const what = result === "failed" ? "The last backup failed" : "The last backup lacks something";
  return { code, message: `${what}: ${said}`, hint };
}

/** What does not go by itself is told at once. */
function unreachedTrouble(
  { since, error }: NonNullable<TroubleFacts["unreached"]>,
  nowMs: number,
): HoldfastError | TroubleView | undefined {
  if (error.kind !== "unavailable") return error;
  if (nowMs - since <= UNREACHED_MS) return undefined;
  return trouble(
    "service/away",
    `The service has not answered for ${timeSince(since, nowMs).replace(/ ago$/, "")}.`,
    "Check the network and the service's address in the settings; backups go on by themselves when it is back.",
  );
}

const isOld = ({ nowMs, lastUpdateAt, beganAt, warningDays }: TroubleFacts): boolean =>
  nowMs - (lastUpdateAt ?? beganAt) > warningDays * DAY_MS;

const isNearlyFull = ({ usedBytes, limitBytes, availableBytes }: QuotaFacts): boolean =>
  availableBytes !== null && availableBytes < (1 - QUOTA_SHARE) * (limitBytes ?? usedBytes + availableBytes);
