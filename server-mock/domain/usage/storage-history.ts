/** Storage used against its limit, day by day until now. */
import type { StorageHistory, StorageQuery } from "../../../protocol/messages/overview.ts";
import type { Scope } from "../../records/records.ts";
import type { UsageDayRow } from "../../records/usage.ts";
import { getMachine } from "../access/access.ts";
import type { ConsoleCaller } from "../access/callers.ts";
import { narrowed } from "../access/narrowed.ts";
import { storageOf } from "../alerts/storage-now.ts";
import type { Domain } from "../domain.ts";
import { DAY_MS, dayOf, SERVICE } from "./note-usage.ts";

type Day = StorageHistory["days"][number];
type Use = Pick<UsageDayRow, "usedBytes" | "limitBytes">;

/** Of the widest thing that the caller sees as a whole, or of its groups together. Throws `organization/missing`. */
export async function scopeHistory(
  domain: Domain,
  caller: ConsoleCaller,
  { organization, days }: StorageQuery,
): Promise<StorageHistory> {
  const { scope, account } = await narrowed(domain.records, caller, organization);
  const now = await storageOf(domain.records, scope, account);
  return await history(domain, { holders: holdersOf(scope), days, now });
}

export async function machineHistory(
  domain: Domain,
  caller: ConsoleCaller,
  { machine: id, days }: { machine: string; days: number },
): Promise<StorageHistory> {
  const { machine } = await getMachine(domain.records, caller, id, { evenDeleted: true });
  return await history(domain, { holders: [id], days, now: machine });
}

/** Ids of what is noted by itself. */
export const holdersOf = ({ organization, groups, account }: Scope): readonly string[] =>
  account !== undefined ? [account] : (groups ?? [organization ?? SERVICE]);

async function history(
  { records, clock }: Domain,
  { holders, days, now }: { holders: readonly string[]; days: number; now: Use },
): Promise<StorageHistory> {
  const today = dayOf(clock.now());
  const from = today - days + 1;
  const noted = await Promise.all(holders.map((holder) => records.usage.list(holder, from)));
  const known = sumOfDays(noted, { from, until: today - 1 });
  const { usedBytes, limitBytes } = now;
  return { days: [...known, { day: nameOf(today), usedBytes, limitBytes }] };
}

/** Pure: each holder is on a day what its newest row until then says. Days before the first row of all are unknown; a limit is only one's own. */
function sumOfDays(
  noted: readonly (readonly UsageDayRow[])[],
  { from, until }: { from: number; until: number },
): Day[] {
  const first = Math.min(...noted.flatMap(([row]) => (row === undefined ? [] : [row.day])));
  const days: Day[] = [];
  const places = noted.map(() => 0);
  for (let day = Math.max(from, first); day <= until; day++) {
    const uses = noted.map((rows, holder): Use | undefined => {
      let place = places[holder] ?? 0;
      while ((rows[place]?.day ?? Number.POSITIVE_INFINITY) <= day) place++;
      places[holder] = place;
      return rows[place - 1];
    });
    const usedBytes = uses.reduce((sum, use) => sum + (use?.usedBytes ?? 0), 0);
    days.push({ day: nameOf(day), usedBytes, limitBytes: uses.length === 1 ? (uses[0]?.limitBytes ?? null) : null });
  }
  return days;
}

const nameOf = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);
