/**
 * The service notices by itself that a machine is silent: by the days of its group, with a cause from what was last heard of it. A successful backup
 * closes the alert at once; this job closes those whose machine has gone, or whose days were changed.
 */
import type { OverdueCause } from "../../../protocol/messages/alerts.ts";
import type { RecordStores } from "../../records/records.ts";
import type { BackupRow, GroupRow, MachineRow, OrganizationRow } from "../../records/rows.ts";
import type { Domain } from "../domain.ts";
import { adviceOn } from "../events/advice.ts";
import { emit } from "../events/emit.ts";
import { moment } from "../mail/queue-mail.ts";
import { effectiveSettings } from "../settings.ts";
import { closeAlert, openAlert } from "./alerts.ts";

const DAY_MS = 24 * 3_600_000;
/** A run that goes on for longer than this without a success is stuck. */
const STUCK_MS = DAY_MS;
const PAGE = 200;

/** One turn of the job. */
export async function watchSilence(domain: Domain, signal?: AbortSignal): Promise<void> {
  await closeAnswered(domain, signal);
  for await (const organization of pages((page) => domain.records.organizations.list(page)))
    for await (const group of pages((page) => domain.records.groups.list(page, { organization: organization.id })))
      await watchGroup(domain, organization, group, signal);
}

async function watchGroup(domain: Domain, organization: OrganizationRow, group: GroupRow, signal?: AbortSignal) {
  const { overdueDays } = effectiveSettings(organization, group);
  const before = domain.clock.now() - overdueDays * DAY_MS;
  const { watch } = domain.records;
  const filter = { group: group.id, before };
  for (const overdue of [
    pages((page) => watch.listNever(page, filter)),
    followingPages<MachineRow>((page) => watch.listLate(page, filter)),
  ])
    for await (const machine of overdue) {
      if (signal?.aborted) return;
      await domain.records.transaction((stores) => noteOverdue(domain, stores, machine.id, { overdueDays, before }));
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

async function closeAnswered(domain: Domain, signal?: AbortSignal): Promise<void> {
  const { records, clock } = domain;
  for await (const alert of pages((page) => records.alerts.listOpen("machine.overdue", page))) {
    if (signal?.aborted) return;
    const id = alert.machine ?? "";
    const machine = await records.machines.find(id);
    if (machine !== undefined) {
      const organization = await records.organizations.find(machine.organization);
      const group = await records.groups.find(machine.userGroup);
      if (organization === undefined || group === undefined) continue;
      const { overdueDays } = effectiveSettings(organization, group);
      if (isOverdue(machine, clock.now() - overdueDays * DAY_MS)) continue;
    }
    await records.transaction(async (stores) => {
      if (machine === undefined) await closeAlert(domain, stores, "machine.overdue", id);
      else await closeOverdue(domain, stores, machine);
    });
  }
}

const pages = <Row extends { id: string }>(
  list: (page: { limit: number; after?: string | undefined }) => Promise<Row[]>,
): AsyncGenerator<Row> => followingPages<Row>(({ limit, after }) => list({ limit, after: after?.id }));

/** Each page begins behind the last row of the one before. */
async function* followingPages<Row>(
  list: (page: { limit: number; after?: Row | undefined }) => Promise<Row[]>,
): AsyncGenerator<Row> {
  let after: Row | undefined;
  do {
    const rows: Row[] = await list({ limit: PAGE, after });
    yield* rows;
    after = rows.length < PAGE ? undefined : rows.at(-1);
  } while (after !== undefined);
}
