/** Storage day by day, growing, for the test world. */
import type { RecordStores } from "../../../server-mock/records/records.ts";
import type { UsageDayRow, UsageLevel } from "../../../server-mock/records/usage.ts";
import type { ConsoleWorld } from "./world.ts";
import { DAY, numbersFrom } from "./world-rows.ts";

const DAYS = 90;
/** On this day before now the organization bought more. */
const BOUGHT = 38;

export interface UsageOf extends Pick<ConsoleWorld, "machines" | "users" | "groups"> {
  readonly organization: string;
  readonly now: number;
  readonly limitBytes: number;
}

/** Ends at what is used now. */
export async function insertUsage(stores: RecordStores, world: UsageOf): Promise<void> {
  const today = Math.floor(world.now / DAY);
  const some = numbersFrom(4711);
  const rowsOf = async (
    holder: string,
    level: UsageLevel,
    usedBytes: number,
    limit: (back: number) => number | null,
  ) => {
    const rows: UsageDayRow[] = [];
    let bytes = usedBytes;
    for (let back = 1; back <= DAYS; back++) {
      bytes = Math.max(0, Math.round(bytes - (usedBytes * (some(100) - (some(12) === 0 ? 220 : 15))) / 5_500));
      rows.push({ holder, day: today - back, level, usedBytes: bytes, limitBytes: limit(back) });
    }
    await stores.usage.put(rows);
  };
  const pool = await stores.pools.find(world.organization, "all");
  const limits = (back: number) => (back > BOUGHT ? world.limitBytes * 0.75 : world.limitBytes);
  await rowsOf(world.organization, "organization", pool?.usedBytes ?? 0, limits);
  for (const group of Object.values(world.groups))
    await rowsOf(group, "group", (await stores.pools.find(group, "all"))?.usedBytes ?? 0, () => null);
  for (const { id, name } of world.machines) {
    const isLong = ["maria-studio", "maria-laptop", "srv-files"].includes(name);
    if (!isLong) continue;
    await rowsOf(id, "machine", (await stores.machines.find(id))?.usedBytes ?? 0, () => null);
  }
  const [maria] = world.users;
  const account = maria && (await stores.accounts.find(maria.id));
  if (account !== undefined) await rowsOf(account.id, "user", account.usedBytes, () => null);
}
