/** The reports there are: name, columns, and how a row becomes a line. Rows come in pages, so that none is too long. */
import type { ReportName, ReportParameters } from "../../../protocol/messages/reports.ts";
import type { PageOf, RecordStores, Scope } from "../../records/records.ts";
import type { ReportedGroup, ReportedKey, ReportedMachine, ReportedUser } from "../../records/reports.ts";
import type { Domain } from "../domain.ts";
import { machineFilter, userFilter } from "../lists/filters.ts";
import { listPages } from "../lists/list-pages.ts";
import { machineColumns } from "../lists/machine-list.ts";
import { userColumns, userLines } from "../lists/user-list.ts";
import * as lines from "./lines.ts";

const PAGE = 500;
const DAY_MS = 24 * 3_600_000;

export interface ReportRun {
  readonly scope: Scope;
  readonly parameters: ReportParameters;
  readonly now: number;
}

export interface Report {
  readonly title: string;
  readonly columns: readonly string[];
  /** Those of `ReportParameters` that it looks at. */
  readonly parameters: readonly (keyof ReportParameters)[];
  readonly pages: (domain: Domain, run: ReportRun) => AsyncGenerator<string[][]>;
}

type PageOfRows<Row> = (stores: RecordStores, page: PageOf, run: ReportRun) => Promise<Row[]>;

const ALL_MACHINES: PageOfRows<ReportedMachine> = ({ reports }, page, { scope }) =>
  reports.listMachines(page, { scope });
const ALL_GROUPS: PageOfRows<ReportedGroup> = ({ reports }, page, { scope }) => reports.listGroups(page, scope);
const ALL_KEYS: PageOfRows<ReportedKey> = ({ reports }, page, { scope }) => reports.listKeys(page, scope);
const OVERDUE: PageOfRows<ReportedMachine> = ({ reports }, page, { scope, now, parameters }) =>
  reports.listMachines(page, { scope, overdueBefore: now - parameters.days * DAY_MS });
const OVER_QUOTA: PageOfRows<ReportedMachine> = ({ reports }, page, { scope, parameters }) =>
  reports.listMachines(page, { scope, usedPercent: parameters.percent });
const NEW_USERS: PageOfRows<ReportedUser> = ({ reports }, page, { scope, now, parameters }) =>
  reports.listUsers(page, { scope, createdSince: now - parameters.sinceDays * DAY_MS });
const NEW_MACHINES: PageOfRows<ReportedMachine> = ({ reports }, page, { scope, now, parameters }) =>
  reports.listMachines(page, { scope, createdSince: now - parameters.sinceDays * DAY_MS });

export const REPORTS: Readonly<Record<ReportName, Report>> = {
  users: report("Users", lines.USERS, [], [listedUsers]),
  machines: report("Machines", lines.MACHINES, [], [listedMachines]),
  "user-groups": report("User Groups", lines.GROUPS, [], [paged(ALL_GROUPS, lines.groupLine)]),
  keys: report("Keys", lines.KEYS, [], [paged(ALL_KEYS, lines.keyLine)]),
  "machine-details": report("Machine Details", lines.DETAILS, [], [paged(ALL_MACHINES, lines.detailsLine)]),
  "machine-status": report("Machine Status", lines.STATUS, [], [paged(ALL_MACHINES, lines.statusLine)]),
  "machine-watchlist": report("Machine Watchlist", lines.WATCHLIST, ["days"], [paged(OVERDUE, lines.watchlistLine)]),
  "machine-over-quota": report(
    "Machine Over Quota",
    lines.OVER_QUOTA,
    ["percent"],
    [paged(OVER_QUOTA, lines.overQuotaLine)],
  ),
  "resources-added": report(
    "Resources Added",
    lines.ADDED,
    ["sinceDays"],
    [paged(NEW_USERS, lines.userAddedLine), paged(NEW_MACHINES, lines.machineAddedLine)],
  ),
};

type Pages = Report["pages"];

function report(
  title: string,
  columns: readonly string[],
  parameters: Report["parameters"],
  parts: readonly Pages[],
): Report {
  return {
    title,
    columns,
    parameters,
    async *pages(domain, run) {
      for (const part of parts) yield* part(domain, run);
    },
  };
}

function paged<Row extends { readonly id: string }>(
  list: PageOfRows<Row>,
  toLine: (row: Row, now: number) => string[],
): Pages {
  return async function* ({ records }, run) {
    for (let after: string | undefined; ; ) {
      const rows = await list(records, { limit: PAGE, after }, run);
      yield rows.map((row) => toLine(row, run.now));
      after = rows.at(-1)?.id;
      if (rows.length < PAGE) return;
    }
  };
}

/** The lines of the list itself, by creation. */
async function* listedUsers({ records }: Domain, { scope, now }: ReportRun): AsyncGenerator<string[][]> {
  const filter = { scope, ...userFilter(undefined, now) };
  const columns = userColumns(now);
  for await (const rows of userLines(records, { sort: "created", isDescending: false, filter }))
    yield rows.map((row) => columns.map(([, cell]) => cell(row)));
}

async function* listedMachines({ records }: Domain, { scope, now }: ReportRun): AsyncGenerator<string[][]> {
  const asked = { sort: "created", isDescending: false, filter: { scope, ...machineFilter(undefined, now) } } as const;
  const columns = machineColumns(now);
  for await (const rows of listPages(asked, (ask) => records.lists.machines(ask)))
    yield rows.map((row) => columns.map(([, cell]) => cell(row)));
}
