/** Snapshots by month and day, for a calendar of what is kept and dropped. */
export interface DaySnapshots {
  /** 1 to 31. */
  readonly day: number;
  readonly kept: number;
  readonly dropped: number;
}

export interface MonthSnapshots {
  /** `2026-11` */
  readonly month: string;
  readonly days: ReadonlyMap<number, DaySnapshots>;
}

/** Newest month first; only months that have any. */
export function snapshotMonths(
  snapshots: readonly { readonly receivedAt: string; readonly reasons: readonly unknown[] }[],
  timeZone: string,
): readonly MonthSnapshots[] {
  const format = new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" });
  const months = new Map<string, Map<number, DaySnapshots>>();
  for (const { receivedAt, reasons } of snapshots) {
    const date = format.format(new Date(receivedAt));
    const [month, day] = [date.slice(0, 7), Number(date.slice(8))];
    const days = months.get(month) ?? new Map<number, DaySnapshots>();
    const { kept = 0, dropped = 0 } = days.get(day) ?? {};
    const isKept = reasons.length > 0;
    days.set(day, { day, kept: kept + (isKept ? 1 : 0), dropped: dropped + (isKept ? 0 : 1) });
    months.set(month, days);
  }
  return [...months].map(([month, days]) => ({ month, days })).sort((a, b) => (a.month < b.month ? 1 : -1));
}
