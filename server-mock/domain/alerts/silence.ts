/**
 * The service notices by itself that a machine is silent: by the days of its group, with a cause from what was last heard of it. A successful backup
 * closes the alert at once; this job closes those whose machine has gone, or whose days were changed.
 */
import { setImmediate as pause } from "node:timers/promises";
import type { OverdueCause } from "../../../protocol/messages/alerts.ts";
import type { AgentStateRow } from "../../records/agent-states.ts";
import type { RecordStores } from "../../records/records.ts";
import type { BackupRow, GroupRow, MachineRow } from "../../records/rows.ts";
import type { Domain } from "../domain.ts";
import { adviceOn } from "../events/advice.ts";
import { emit } from "../events/emit.ts";
import { moment } from "../mail/queue-mail.ts";
import { effectiveSettings } from "../people/settings.ts";
import { agentCause } from "./agent-cause.ts";
import { alertKey, closeAlert, isToldAlready, openAlert } from "./alerts.ts";

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
      const news = await newsAmong(domain, machines, filter.before);
      if (news.length === 0) continue;
      const when = { overdueDays, before: filter.before };
      await domain.records.transaction(async (stores) => {
        for (const { id } of news) await noteOverdue(domain, stores, id, when);
      });
    }
}

/** Most of what is overdue was so ten minutes ago, and nothing is to be written. */
async function newsAmong(domain: Domain, machines: readonly MachineRow[], before: number): Promise<MachineRow[]> {
  const { records, clock } = domain;
  const keys = machines.map(({ id }) => alertKey("machine.overdue", id));
  const open = new Map((await records.alerts.listOpenBy(keys)).map((alert) => [alert.machine, alert]));
  const news: MachineRow[] = [];
  for (const machine of machines) {
    const alert = open.get(machine.id);
    const { message } = await causeOf(domain, records, machine, before);
    const { name: subject, userGroup } = machine;
    if (alert === undefined || !isToldAlready(alert, { subject, message, userGroup }, clock.now())) news.push(machine);
  }
  return news;
}

/** Of a machine that is offline no run can be going on. */
async function causeOf({ clock }: Domain, stores: RecordStores, machine: MachineRow, before: number) {
  const isQuiet = machine.state === "suspended" || isOffline(machine, before);
  const lastRun = isQuiet ? undefined : await stores.watch.findLastRun(machine.id);
  const agent = isQuiet ? undefined : await stores.agentStates.find(machine.id);
  return overdueCause(machine, lastRun, { before, now: clock.now(), agent });
}

const isOffline = ({ lastSeenAt }: Pick<MachineRow, "lastSeenAt">, before: number): boolean =>
  lastSeenAt === null || lastSeenAt < before;

/** As it is now: a backup may have ended since the list was read. */
async function noteOverdue(
  domain: Domain,
  stores: RecordStores,
  id: string,
  { overdueDays, before }: { overdueDays: number; before: number },
): Promise<void> {
  const machine = await stores.machines.find(id);
  if (machine === undefined || !isOverdue(machine, before)) return;
  const { name: subject, organization, account, userGroup } = machine;
  const { cause, message } = await causeOf(domain, stores, machine, before);
  const finding = { organization, id, subject, cause, message, machine: id, account, userGroup };
  const isNew = await openAlert(domain, stores, { ...finding, kind: "machine.overdue" });
  // That a person has suspended it is known to whoever did that.
  if (!isNew || cause === "suspended") return;
  const detail = { cause, message, days: overdueDays };
  await emit(domain, stores, { organization, kind: "machine.overdue", machine: id, account, userGroup, detail });
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
  { before, now, agent }: { before: number; now: number; agent?: AgentStateRow | undefined },
): { cause: OverdueCause; message: string } {
  const { lastSeenAt, lastUpdateAt, lastFailureAt, lastFailureCode } = machine;
  if (machine.state === "suspended") return { cause: "suspended", message: "It is suspended." };
  if (isOffline(machine, before))
    return { cause: "offline", message: `It has been offline since ${moment(lastSeenAt ?? machine.createdAt)}.` };
  if (lastRun?.state === "running" && lastRun.startedAt < now - STUCK_MS)
    return { cause: "stuck", message: `A backup has been running since ${moment(lastRun.startedAt)} without an end.` };
  if (lastFailureAt !== null && lastFailureAt > (lastUpdateAt ?? 0)) {
    const code = lastFailureCode ?? "";
    return code === "quota/exceeded"
      ? { cause: "quota-full", message: `Its storage quota is full since ${moment(lastFailureAt)}.` }
      : {
          cause: "failing",
          message: `Its backups fail with ${code}, last at ${moment(lastFailureAt)}. ${adviceOn(code)}`.trim(),
        };
  }
  const told = agentCause(agent, now);
  if (told !== undefined) return told;
  if (lastUpdateAt === null) return { cause: "never", message: "It is online, but was never backed up." };
  return { cause: "late", message: "It is online, but no backup was started." };
}

/** The machine was backed up, at `until` if that is known; what was found later stands. In a transaction. */
export async function closeOverdue(
  domain: Domain,
  stores: RecordStores,
  { id, organization, account }: Pick<MachineRow, "id" | "organization" | "account">,
  until?: number,
): Promise<void> {
  const closed = await closeAlert(domain, stores, "machine.overdue", id, until);
  if (closed !== undefined) await emit(domain, stores, { organization, kind: "machine.on-time", machine: id, account });
}

async function closeAnswered(domain: Domain, days: OverdueDays, signal?: AbortSignal): Promise<void> {
  const { records, clock } = domain;
  for await (const alerts of pages((page) => records.alerts.listOpen("machine.overdue", page))) {
    if (signal?.aborted) return;
    const ids = alerts.map(({ machine }) => machine ?? "");
    const machines = new Map((await records.watch.findMachines(ids)).map((machine) => [machine.id, machine]));
    for (const id of ids) {
      const machine = machines.get(id);
      const before = machine && clock.now() - (await days(machine.userGroup)) * DAY_MS;
      if (machine !== undefined && before !== undefined && isOverdue(machine, before)) continue;
      await records.transaction(async (stores) => {
        if (machine === undefined) await closeAlert(domain, stores, "machine.overdue", id);
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
