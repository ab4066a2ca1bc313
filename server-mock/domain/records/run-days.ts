/** How a machine's runs ended, day by day. */
import type { RunDays } from "../../../protocol/messages/overview.ts";
import type { RunSlot } from "../../records/record-lists.ts";
import { getMachine } from "../access/access.ts";
import type { ConsoleCaller } from "../access/callers.ts";
import { dateOf, daysBefore, zoneOf } from "../alerts/zone.ts";
import type { Domain } from "../domain.ts";
import { firstIdAt } from "../row-ids.ts";

type Day = RunDays["days"][number];

/** Every time zone's days begin with one of these, so the database needs to know none. */
const SLOT_MS = 15 * 60_000;

const COLUMNS = {
  success: "succeeded",
  incomplete: "incomplete",
  failed: "failed",
  cancelled: "cancelled",
  running: "running",
} as const satisfies Record<RunSlot["state"], keyof Day>;

/** Throws `machine/missing`. */
export async function listRunDays(
  { records, clock }: Domain,
  caller: ConsoleCaller,
  { machine: id, days }: { machine: string; days: number },
): Promise<RunDays> {
  const { machine } = await getMachine(records, caller, id, { evenDeleted: true });
  const timeZone = await zoneOf(records, machine.organization);
  const now = clock.now();
  const from = daysBefore(now, days - 1, timeZone);
  const byDay = new Map<string, Day>();
  for (const { slot, state, runs, bytesTransferred } of await records.recordLists.runSlots(id, {
    from: firstIdAt(from),
    slotMs: SLOT_MS,
  })) {
    const day = dateOf(slot * SLOT_MS, timeZone);
    const known = byDay.get(day) ?? newDay(day);
    const column = COLUMNS[state];
    byDay.set(day, {
      ...known,
      [column]: known[column] + runs,
      bytesTransferred: known.bytesTransferred + bytesTransferred,
    });
  }
  return { timeZone, from: dateOf(from, timeZone), until: dateOf(now, timeZone), days: [...byDay.values()] };
}

const newDay = (day: string): Day => ({
  ...{ day, succeeded: 0, incomplete: 0, failed: 0, cancelled: 0, running: 0 },
  bytesTransferred: 0,
});
