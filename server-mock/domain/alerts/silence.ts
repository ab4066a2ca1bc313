/**
 * The service notices by itself that a machine is silent: by the days of its group, with a cause from what was last heard of it. A successful backup
 * closes the alert at once; this job closes those whose machine has gone, or whose days were changed.
 */
import { setImmediate as pause } from "node:timers/promises";
import type { OverdueCause } from "../../../protocol/messages/alerts.ts";
import type { RecordStores } from "../../records/records.ts";
import type { BackupRow, GroupRow, MachineRow } from "../../records/rows.ts";
import type { Domain } from "../domain.ts";
import { adviceOn } from "../events/advice.ts";
import { emit } from "../events/emit.ts";
import { moment } from "../mail/queue-mail.ts";
import { effectiveSettings } from "../settings.ts";
import { closeAlert, openAlert } from "./alerts.ts";

const DAY_MS = 24 * 3_600_000;
/** A run that goes on for longer than this without a success is stuck. */
const STUCK_MS = DAY_MS;
const PAGE = 100;

/** One turn of the job. */
export async function watchSilence(domain: Domain, signal?: AbortSignal): Promise<void> {
  const { records } = domain;
  const days = overdueDaysOf(domain);
  await closeAnswered(domain, days, signal);
  for await (const organizations of pages((page) => records.organizations.list(page)))
    for (const { id: organization } of organizations)
      for await (const groups of pages((page) => records.groups.list(page, { organization })))
        for (const group of groups) await watchGroup(domain, group, await days(group.id), signal);
}

type OverdueDays = (group: string) => Promise<number>;

/** Asked once for each group in a turn. */
function overdueDaysOf({ records }: Domain): OverdueDays {
  const known = new Map<string, Promise<number>>();
  const find = async (id: string): Promise<number> => {
    const group = await records.groups.find(id);
    const organization = group === undefined ? undefined : await records.organizations.find(group.organization);
    if (group === undefined || organization === undefined) return Number.POSITIVE_INFINITY; // Removed meanwhile.
    return effectiveSettings(organization, group).overdueDays;
  };
  return (id) => {
    const days = known.get(id) ?? find(id);
    known.set(id, days);
    return days;
  };
}

async function watchGroup(domain: Domain, group: GroupRow, overdueDays: number, signal?: AbortSignal): Promise<void> {
  const { watch } = domain.records;
  const filter = { group: group.id, before: domain.clock.now() - overdueDays * DAY_MS };
  for (const overdue of [
    pages((page) => watch.listNever(page, filter)),
    followingPages<MachineRow>((page) => watch.listLate(page, filter)),
  ])
    for await (const machines of overdue) {
      if (signal?.aborted) return;
      const when = { overdueDays, before: filter.before };
      await domain.records.transaction(async (stores) => {
        for (const { id } of machines) await noteOverdue(domain, stores, id, when);
      });
    }
}

/** As it is now: a backup may have ended since the list was read. */
async function noteOverdue(
  domain: Domain,
  stores: RecordStores,
  id: string,
  { overdueDays, before }: { overdueDays: number; before: number },
): Promise<void> {
  const machine = await stores.machines.find(id);
  if (machine === undefined || !isOverdue(machine, before)) return;
  const { organization, account, userGroup } = machine;
  const { cause, message } = overdueCause(machine, await stores.watch.findLastRun(id), {
    before,
    now: domain.clock.now(),
  });
  const isNew = await openAlert(domain, stores, {
    organization,
    kind: "machine.overdue",
    id,
    subject: machine.name,
    cause,
    message,
    machine: id,
    account,
    userGroup,
  });
  // That a person has suspended it is known to whoever did that.
  if (isNew && cause !== "suspended")
    await emit(domain, stores, {
      organization,
      kind: "machine.overdue",
      machine: id,
      account,
      detail: { cause, message, days: overdueDays },
    });
}

const isOverdue = ({ lastUpdateAt, createdAt }: MachineRow, before: number): boolean =>
  (lastUpdateAt ?? createdAt) < before;

/** Pure: what the last contact tells, and a sentence that says so. */
export function overdueCause(
  machine: Pick<
    MachineRow,
    "state" | "lastSeenAt" | "lastUpdateAt" | "lastFailureAt" | "lastFailureCode" | "createdAt"
  >,
  lastRun: Pick<BackupRow, "state" | "startedAt"> | undefined,
  { before, now }: { before: number; now: number },
): { cause: OverdueCause; message: string } {
  const { lastSeenAt, lastUpdateAt, lastFailureAt, lastFailureCode } = machine;
  if (machine.state === "suspended") return { cause: "suspended", message: "It is suspended." };
  if (lastRun?.state === "running" && lastRun.startedAt < now - STUCK_MS)
    return { cause: "stuck", message: `A backup has been running since ${moment(lastRun.startedAt)} without an end.` };
  if (lastSeenAt === null || lastSeenAt < before)
    return { cause: "offline", message: `It has been offline since ${moment(lastSeenAt ?? machine.createdAt)}.` };
  if (lastFailureAt !== null && lastFailureAt > (lastUpdateAt ?? 0)) {
    const code = lastFailureCode ?? "";
    return code === "quota/exceeded"
      ? { cause: "quota-full", message: `Its storage quota is full since ${moment(lastFailureAt)}.` }
      : {
          cause: "failing",
          message: `Its backups fail with ${code}, last at ${moment(lastFailureAt)}. ${adviceOn(code)}`.trim(),
        };
  }
  if (lastUpdateAt === null) return { cause: "never", message: "It is online, but was never backed up." };
  return { cause: "late", message: "It is online, but no backup was started." };
}

/** The machine was backed up, or has gone. In a transaction. */
export async function closeOverdue(
  domain: Domain,
  stores: RecordStores,
  { id, organization, account }: Pick<MachineRow, "id" | "organization" | "account">,
): Promise<void> {
  const closed = await closeAlert(domain, stores, "machine.overdue", id);
  if (closed !== undefined) await emit(domain, stores, { organization, kind: "machine.on-time", machine: id, account });
}

async function closeAnswered(domain: Domain, days: OverdueDays, signal?: AbortSignal): Promise<void> {
  const { records, clock } = domain;
  for await (const alerts of pages((page) => records.alerts.listOpen("machine.overdue", page))) {
    if (signal?.aborted) return;
    for (const { machine: id } of alerts) {
      const machine = id === null ? undefined : await records.machines.find(id);
      const before = machine && clock.now() - (await days(machine.userGroup)) * DAY_MS;
      if (machine !== undefined && before !== undefined && isOverdue(machine, before)) continue;
      await records.transaction(async (stores) => {
        if (machine === undefined) await closeAlert(domain, stores, "machine.overdue", id ?? "");
        else await closeOverdue(domain, stores, machine);
      });
    }
  }
}

const pages = <Row extends { id: string }>(
  list: (page: { limit: number; after?: string | undefined }) => Promise<Row[]>,
): AsyncGenerator<Row[]> => followingPages<Row>(({ limit, after }) => list({ limit, after: after?.id }));

/** Each page begins behind the last row of the one before; between them others have their turn. */
async function* followingPages<Row>(
  list: (page: { limit: number; after?: Row | undefined }) => Promise<Row[]>,
): AsyncGenerator<Row[]> {
  let after: Row | undefined;
  do {
    const rows: Row[] = await list({ limit: PAGE, after });
    yield rows;
    await pause();
    after = rows.length < PAGE ? undefined : rows.at(-1);
  } while (after !== undefined);
}
