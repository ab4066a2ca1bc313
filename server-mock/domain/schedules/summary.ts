/** What an e-mail alert tells: its modules, each a table of at most a hundred rows, from what its maker may see. */
import { formatBytes } from "../../../base/format-bytes.ts";
import { isOlderVersion } from "../../../base/older-version.ts";
import { timeSince } from "../../../base/time-since.ts";
import { MACHINE_STATUSES } from "../../../protocol/messages/alerts.ts";
import type { Frequency, SummaryContent, SummaryModule } from "../../../protocol/messages/schedules.ts";
import { VERSION } from "../../../protocol/version.ts";
import type { RecordStores, Scope } from "../../records/records.ts";
import { countStatuses } from "../alerts/status-counts.ts";
import type { Domain } from "../domain.ts";
import type { Part } from "../mail/letters.ts";
import type { Table, Values } from "../mail/render-letter.ts";
import { PERIOD_DAYS } from "./next-time.ts";

const ROWS_MAX = 100;
const PAGE = 500;
const DAY_MS = 24 * 3_600_000;

export interface SummaryOf {
  readonly scope: Scope;
  readonly content: SummaryContent;
  readonly frequency: Frequency;
}

/** Parts for a mail and the values that they name. */
export async function summaryParts(
  domain: Domain,
  stores: RecordStores,
  summary: SummaryOf,
): Promise<{ more: Part[]; values: Values }> {
  const tables: [string, Table][] = [];
  for (const module of summary.content.modules)
    tables.push([`table${tables.length}`, await MADE[module](domain, stores, summary)]);
  return { more: tables.map(([name]) => ({ table: name })), values: Object.fromEntries(tables) };
}

type Make = (domain: Domain, stores: RecordStores, summary: SummaryOf) => Promise<Table>;

const MADE: Readonly<Record<SummaryModule, Make>> = {
  "backup-summary": backupSummary,
  "users-without-recent-backups": usersWithoutBackups,
  "users-with-outdated-clients": outdatedClients,
  "nearing-limit": nearingLimit,
  "storage-summary": storageSummary,
};

const STATUS_NAMES: Readonly<Record<(typeof MACHINE_STATUSES)[number], string>> = {
  "on-time": "Machines on time",
  late: "Machines late",
  failing: "Machines failing",
  never: "Machines never backed up",
  offline: "Machines offline",
  suspended: "Machines suspended",
};

async function backupSummary(domain: Domain, stores: RecordStores, { scope, frequency }: SummaryOf): Promise<Table> {
  const days = PERIOD_DAYS[frequency];
  const statuses = await countStatuses(domain, stores, scope);
  const runs = await stores.reports.countRuns(scope, firstIdAt(domain.clock.now() - days * DAY_MS));
  const named = {
    success: "Successful backups",
    incomplete: "Backups with warnings",
    failed: "Failed backups",
    cancelled: "Cancelled backups",
  };
  return {
    title: `Backups of the last ${days === 1 ? "day" : `${days} days`}`,
    columns: ["What", "Count"],
    rows: [
      ...Object.entries(named).map(([state, name]) => [name, String(runs[state] ?? 0)]),
      ...MACHINE_STATUSES.map((status) => [STATUS_NAMES[status], String(statuses[status])]),
    ],
  };
}

async function usersWithoutBackups(
  { clock }: Domain,
  stores: RecordStores,
  { scope, content }: SummaryOf,
): Promise<Table> {
  const now = clock.now();
  const overdueBefore = now - content.days * DAY_MS;
  const users = await stores.reports.listUsers({ limit: ROWS_MAX + 1 }, { scope, overdueBefore });
  const line = (user: (typeof users)[number]) => [
    user.login,
    user.name,
    user.groupName,
    user.lastBackupAt === null ? "never" : timeSince(user.lastBackupAt, now),
  ];
  const title = `Users without a backup for ${content.days} days`;
  return { title, columns: ["User", "Name", "User Group", "Backed Up"], rows: shortened(users.map(line)) };
}

/** Clients older than this service itself. */
async function outdatedClients(_: Domain, stores: RecordStores, { scope }: SummaryOf): Promise<Table> {
  const rows: string[][] = [];
  for (let after: string | undefined; rows.length <= ROWS_MAX; ) {
    const machines = await stores.reports.listMachines({ limit: PAGE, after }, { scope });
    for (const machine of machines)
      if (isOlderVersion(machine.agentVersion, VERSION))
        rows.push([machine.login, machine.name, machine.agentVersion || "unknown"]);
    after = machines.at(-1)?.id;
    if (machines.length < PAGE) break;
  }
  const title = `Users with clients older than ${VERSION}`;
  return { title, columns: ["User", "Machine", "Client Version"], rows: shortened(rows) };
}

async function nearingLimit(_: Domain, stores: RecordStores, { scope, content }: SummaryOf): Promise<Table> {
  const usedPercent = content.percent;
  const users = await stores.reports.listUsers({ limit: ROWS_MAX + 1 }, { scope, usedPercent });
  const machines = await stores.reports.listMachines({ limit: ROWS_MAX + 1 }, { scope, usedPercent });
  const line = (user: string, machine: string, row: { usedBytes: number; limitBytes: number | null }) => [
    user,
    machine,
    formatBytes(row.usedBytes),
    formatBytes(row.limitBytes ?? 0),
  ];
  return {
    title: `Users and machines at ${usedPercent} % of their limit`,
    columns: ["User", "Machine", "Used", "Limit"],
    rows: shortened([
      ...users.map((user) => line(user.login, "", user)),
      // Those without a limit of their own are in the list because of their user.
      ...machines.filter(({ limitBytes }) => limitBytes !== null).map((each) => line(each.login, each.name, each)),
    ]),
  };
}

async function storageSummary(_: Domain, stores: RecordStores, { scope }: SummaryOf): Promise<Table> {
  const groups = await stores.reports.listGroups({ limit: ROWS_MAX + 1 }, scope);
  const rows = groups.map((group) => [
    group.name,
    String(group.machines),
    formatBytes(group.usedBytes),
    group.limitBytes === null || group.mode === "shared" ? "Shared" : formatBytes(group.limitBytes),
  ]);
  return { title: "Storage", columns: ["User Group", "Machines", "Storage Used", "Limit"], rows: shortened(rows) };
}

const shortened = (rows: string[][]): string[][] =>
  rows.length <= ROWS_MAX ? rows : [...rows.slice(0, ROWS_MAX), ["… and more: see the report"]];

/** Row ids begin with the time at which they were made. */
function firstIdAt(ms: number): string {
  const hex = Math.max(0, ms).toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}`;
}
