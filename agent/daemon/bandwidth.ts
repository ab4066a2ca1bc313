/** How fast a backup may send and a restore may fetch at a moment: what the hours of the week say, and never more than the machine's own limits. */
import type { Bandwidth } from "../../protocol/messages/policies.ts";
import { holdsAt, localTime, nextEdge } from "./week-hours.ts";

export interface Limits {
  readonly bandwidth: Bandwidth | undefined;
  /** Of this machine's own settings, in bytes a second. */
  readonly uploadLimit?: number | undefined;
  readonly downloadLimit?: number | undefined;
}

export interface Pace {
  /** Infinity: no limit. */
  readonly uploadBytesPerSecond: number;
  readonly downloadBytesPerSecond: number;
  /** Until then it is the same. Infinity: for good. */
  readonly untilMs: number;
}

export function rateAt({ bandwidth, uploadLimit, downloadLimit }: Limits, nowMs: number, timeZone: string): Pace {
  const hours = bandwidth?.hours ?? [];
  const now = localTime(nowMs, timeZone);
  const said = hours.find((each) => holdsAt(each, now)) ?? bandwidth;
  return {
    uploadBytesPerSecond: lower(said?.uploadBytesPerSecond, uploadLimit),
    downloadBytesPerSecond: lower(said?.downloadBytesPerSecond, downloadLimit),
    untilMs: nextEdge(hours, nowMs, timeZone),
  };
}

const lower = (bytesPerSecond: number | null | undefined, limit: number | undefined): number =>
  Math.min(bytesPerSecond ?? Number.POSITIVE_INFINITY, limit ?? Number.POSITIVE_INFINITY);
