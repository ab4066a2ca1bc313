/**
 * Notes once an hour what everything uses: a row for each day on which it is other than on the day before. Run twice it changes nothing. Machines and
 * users keep a row for each of the last 35 days and then the last of each week, everything else all of them; all for 400 days, and the
 * newest older one, which holds at the beginning.
 */
import { setImmediate as pause } from "node:timers/promises";
import { DAYS_MAX } from "../../../protocol/messages/overview.ts";
import type { UsageDayRow, UsageLevel, UsageNow } from "../../records/usage.ts";
import type { Domain } from "../domain.ts";

export const DAY_MS = 24 * 3_600_000;
/** Of the whole service. */
export const SERVICE = "service";

const AT_ONCE = 500;
const DAILY_DAYS = 35;
const WEEK = 7;
/** How many days are looked at again, in case that no process ran yesterday. */
const AGAIN_DAYS = 3;

const ALL_LEVELS: readonly UsageLevel[] = ["service", "organization", "group", "user", "machine"];

export const dayOf = (at: number): number => Math.floor(at / DAY_MS);

export async function noteUsage(domain: Domain, signal?: AbortSignal): Promise<{ noted: number }> {
  const { records, clock } = domain;
  const day = dayOf(clock.now());
  let [noted, serviceBytes] = [0, 0];
  for (const level of ["pool", "user", "machine"] as const)
    for (let after: string | undefined; signal?.aborted !== true; await pause()) {
      const { rows, next } = await records.usage.listNow(level, { limit: AT_ONCE, after });
      noted += await noteNews(domain, rows, day);
      for (const row of rows) serviceBytes += row.level === "organization" ? row.usedBytes : 0;
      after = next;
      if (after === undefined) break;
    }
  if (signal?.aborted) return { noted };
  const service = { holder: SERVICE, level: "service", usedBytes: serviceBytes, limitBytes: null } as const;
  return { noted: noted + (await noteNews(domain, [service], day)) };
}

async function noteNews({ records }: Domain, rows: readonly UsageNow[], day: number): Promise<number> {
  const newest = new Map(
    (await records.usage.listNewest(rows.map(({ holder }) => holder))).map((row) => [row.holder, row]),
  );
  const news = rows.filter((row) => isNews(row, newest.get(row.holder)));
  await records.usage.put(news.map((row): UsageDayRow => ({ ...row, day })));
  return news.length;
}

const isNews = ({ usedBytes, limitBytes }: UsageNow, newest: UsageDayRow | undefined): boolean =>
  newest === undefined || newest.usedBytes !== usedBytes || newest.limitBytes !== limitBytes;

/** Once a day. */
export async function thinUsage(domain: Domain, signal?: AbortSignal): Promise<void> {
  const today = dayOf(domain.clock.now());
  for (let back = 0; back < AGAIN_DAYS; back++) {
    const weekly = today - DAILY_DAYS - back;
    await remove(domain, { from: weekly - (weekly % WEEK), day: weekly, levels: ["user", "machine"] }, signal);
    await remove(domain, { from: 0, day: today - DAYS_MAX - back, levels: ALL_LEVELS }, signal);
  }
}

async function remove(
  { records }: Domain,
  span: { from: number; day: number; levels: readonly UsageLevel[] },
  signal?: AbortSignal,
): Promise<void> {
  for (let after: string | undefined; signal?.aborted !== true; await pause()) {
    after = await records.usage.removeBetween(span, { limit: AT_ONCE, after });
    if (after === undefined) return;
  }
}
