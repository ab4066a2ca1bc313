/** Whether a backup that nobody asked for may run at this moment; one that runs stands still while it may not. Pure. */
import type { Readings } from "../sensors/readings.ts";
import type { Conditions } from "../settings/work.ts";
import { holdsAt, localTime, nextEdge } from "./week-hours.ts";

export interface ConditionFacts {
  readonly readings: Readings;
  readonly nowMs: number;
  /** IANA. */
  readonly timeZone: string;
  /** A backup runs, or stands still meanwhile. */
  readonly isRunning: boolean;
  /** What the call before answered. */
  readonly load?: LoadState | undefined;
}

/** Whether the load holds backups up, and since when. */
export interface LoadState {
  readonly isHeld: boolean;
  readonly sinceMs: number;
}

export type MayRun =
  | { readonly may: true; readonly until?: number }
  | {
      readonly may: false;
      readonly because: readonly ConditionWait[];
      /** Sooner it won't; absent: when readings change. */
      readonly until?: number;
    };

export type ConditionWait =
  | { readonly kind: "on-battery"; readonly percent: number | null }
  | { readonly kind: "battery-low"; readonly percent: number; readonly minPercent: number }
  | { readonly kind: "metered"; readonly names: readonly string[] }
  | { readonly kind: "network-not-listed"; readonly names: readonly string[]; readonly listed: readonly string[] }
  | { readonly kind: "network-never"; readonly name: string }
  | { readonly kind: "load"; readonly cpuPercent: number | null; readonly belowPercent: number }
  | { readonly kind: "outside-hours"; readonly until: number };

/** Of the limit: below it, work goes on. Above the limit it stops. In between it stays as it is. */
const GO_ON_SHARE = 0.8;
/** Neither stops nor goes on twice within this time. */
export const LOAD_STAYS_MS = 60_000;

export function mayRun(
  conditions: Conditions | undefined,
  facts: ConditionFacts,
): { readonly decision: MayRun; readonly load: LoadState | undefined } {
  if (!conditions) return { decision: { may: true }, load: undefined };
  const { readings, nowMs, timeZone } = facts;
  const load = loadAfter(conditions, facts);
  const because = [...powerWaits(conditions, readings), ...networkWaits(conditions, readings)];
  if (load?.isHeld) {
    const belowPercent = conditions.loadBelowPercent ?? 100;
    because.push({ kind: "load", cpuPercent: readings.cpuPercent, belowPercent });
  }
  const { windows } = conditions;
  const edge = nextEdge(windows, nowMs, timeZone);
  const now = localTime(nowMs, timeZone);
  const isOutside = windows.length > 0 && !windows.some((window) => holdsAt(window, now));
  // It may be an edge of the clock only; then it is asked again there.
  if (isOutside) because.push({ kind: "outside-hours", until: edge });
  const until = Number.isFinite(edge) ? { until: edge } : {};
  if (because.length === 0) return { decision: { may: true, ...until }, load };
  return { decision: { may: false, because, ...(isOutside ? until : {}) }, load };
}

function loadAfter(
  { loadBelowPercent }: Conditions,
  { readings: { cpuPercent }, nowMs, isRunning, load }: ConditionFacts,
): LoadState | undefined {
  if (loadBelowPercent === null) return undefined;
  if (cpuPercent === null) return load ?? { isHeld: true, sinceMs: nowMs - LOAD_STAYS_MS };
  if (!load || !isRunning) return { isHeld: cpuPercent >= loadBelowPercent, sinceMs: nowMs };
  const age = nowMs - load.sinceMs;
  if (age >= 0 && age < LOAD_STAYS_MS) return load; // A clock that was set back keeps nothing as it is.
  const isHeld = cpuPercent >= loadBelowPercent * (load.isHeld ? GO_ON_SHARE : 1);
  return isHeld === load.isHeld ? load : { isHeld, sinceMs: nowMs };
}

/** A machine that can't tell counts as one with a plug. */
function powerWaits({ onBattery, batteryPercentMin }: Conditions, { battery }: Readings): ConditionWait[] {
  if (!battery?.isDischarging) return [];
  const { percent } = battery;
  if (onBattery === "wait") return [{ kind: "on-battery", percent }];
  if (percent === null || percent >= batteryPercentMin) return [];
  return [{ kind: "battery-low", percent, minPercent: batteryPercentMin }];
}

/** Where it can't be told, a network is not metered, and has no name: only a list of those that may be keeps it waiting. */
function networkWaits({ metered, networksOnly, networksNever }: Conditions, { network }: Readings): ConditionWait[] {
  const names = network?.names ?? [];
  const waits: ConditionWait[] = [];
  if (metered === "wait" && network?.isMetered) waits.push({ kind: "metered", names });
  if (networksOnly.length > 0 && !names.some((name) => networksOnly.includes(name)))
    waits.push({ kind: "network-not-listed", names, listed: networksOnly });
  const never = names.find((name) => networksNever.includes(name));
  if (never !== undefined) waits.push({ kind: "network-never", name: never });
  return waits;
}
