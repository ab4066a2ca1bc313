/** What a scrape asks the records: probes each time, counts no more often than they can be afforded. */
import type { Domain } from "../domain/domain.ts";
import type { MachineFigures } from "../records/figures.ts";

export interface Figures {
  readonly up: Readonly<Record<"database" | "storage", boolean>>;
  /** undefined while the database doesn't answer. */
  readonly counted: Counted | undefined;
}

interface Counted {
  readonly machines: MachineFigures;
  readonly sessions: number;
  readonly mails: Readonly<Record<string, number>>;
  readonly alerts: number;
}

export type CountMetrics = () => Promise<Figures>;

export interface JobTurn {
  readonly ms: number;
  /** When it ended. */
  readonly at: number;
  readonly isFailed: boolean;
}

const KEEP_MS_MIN = 15_000;
/** Counting a million machines takes long: it may take this part of the time at most. */
const SHARE = 0.01;

export function countFigures({ records, blobs, clock }: Domain): CountMetrics {
  let kept: { counted: Counted; until: number } | undefined;
  const count = async (): Promise<Counted> => {
    const begun = clock.now();
    if (kept !== undefined && kept.until > begun) return kept.counted;
    const machines = await records.figures.countMachines(begun);
    const sessions = await records.figures.countOpenSessions();
    const mails = await records.mails.countByState(undefined);
    const { open: alerts } = await records.alerts.countOpen({});
    const counted = { machines, sessions, mails, alerts };
    const now = clock.now();
    kept = { counted, until: now + Math.max(KEEP_MS_MIN, (now - begun) / SHARE) };
    return counted;
  };
  return async () => {
    const up = { database: await answers(() => records.probe()), storage: await answers(() => blobs.probe()) };
    return { up, counted: up.database ? await count() : undefined };
  };
}

const answers = (probe: () => Promise<void>): Promise<boolean> =>
  probe().then(
    () => true,
    () => false,
  );
