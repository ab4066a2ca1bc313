/** E-mail alerts and scheduled reports: what is mailed regularly, to whom, and by whose eyes. */
import type { z } from "zod";
import { HoldfastError } from "../../../protocol/errors.ts";
import {
  type EmailAlertView,
  type emailAlertBody,
  type ReportScheduleView,
  reportContent,
  type reportScheduleBody,
  scheduleTiming,
  summaryContent,
} from "../../../protocol/messages/schedules.ts";
import type { ScheduleRow } from "../../records/notice-rows.ts";
import type { RecordStores } from "../../records/records.ts";
import { actorOf, getGroup, ownOrganization, parseIds } from "../access/access.ts";
import type { ConsoleCaller } from "../access/callers.ts";
import type { Domain } from "../domain.ts";
import { type ListQuery, type Page, pageOf } from "../pages.ts";
import { audit } from "../records/audit.ts";
import { checkVersion } from "../versions.ts";
import { instant } from "../views.ts";
import { nextTime } from "./next-time.ts";

type SummaryBody = z.output<typeof emailAlertBody>;
type ReportBody = z.output<typeof reportScheduleBody>;

/** What the two kinds differ in. */
export interface ScheduleKind<Body, View> {
  readonly kind: ScheduleRow["kind"];
  readonly contentOf: (body: Body) => object;
  readonly view: (stores: RecordStores, row: ScheduleRow) => Promise<View>;
}

export const EMAIL_ALERTS: ScheduleKind<SummaryBody, EmailAlertView> = {
  kind: "summary",
  contentOf: ({ modules, days, percent }) => ({ modules, days, percent }),
  view: async (stores, row) => ({ ...summaryContent.parse(JSON.parse(row.content)), ...(await shown(stores, row)) }),
};

export const REPORT_SCHEDULES: ScheduleKind<ReportBody, ReportScheduleView> = {
  kind: "report",
  contentOf: ({ report, parameters }) => ({ report, parameters }),
  view: async (stores, row) => ({ ...reportContent.parse(JSON.parse(row.content)), ...(await shown(stores, row)) }),
};

type AnyBody = SummaryBody | ReportBody;

export const listSchedules = <Body, View>(
  { records }: Domain,
  caller: ConsoleCaller,
  { kind, view }: ScheduleKind<Body, View>,
  query: ListQuery,
): Promise<Page<View>> =>
  pageOf(
    query,
    (page) => records.schedules.list(page, { kind, organization: caller.scope.organization, madeBy: onlyOwn(caller) }),
    (row) => view(records, row),
  );

/** Throws `schedule/missing`. */
export const viewSchedule = async <Body, View>(
  { records }: Domain,
  caller: ConsoleCaller,
  { kind, view }: ScheduleKind<Body, View>,
  { schedule }: { schedule: string },
): Promise<View> => await view(records, await getSchedule(records, caller, kind, schedule));

/** Whoever sees some groups only sees what they made themselves. */
const onlyOwn = ({ scope, account }: ConsoleCaller): string | undefined =>
  scope.groups === undefined ? undefined : account.id;

export async function createSchedule<Body extends AnyBody, View>(
  domain: Domain,
  caller: ConsoleCaller,
  { kind, contentOf, view }: ScheduleKind<Body, View>,
  body: Body,
  address: string,
): Promise<View> {
  const organization = ownOrganization(caller, "schedule mails");
  return await domain.records.transaction(async (stores) => {
    const id = domain.newId();
    const now = domain.clock.now();
    const wanted = await columnsOf(domain, stores, caller, body);
    const content = JSON.stringify(contentOf(body));
    const row: ScheduleRow = { id, organization, kind, ...wanted, content, lastAt: null, version: 1, createdAt: now };
    await stores.schedules.insert(row);
    await note(domain, stores, caller, { row, action: "schedules/create", address });
    return await view(stores, row);
  });
}

/** What is sent from now on is what the one who changed it may see. */
export async function changeSchedule<Body extends AnyBody, View>(
  domain: Domain,
  caller: ConsoleCaller,
  { kind, contentOf, view }: ScheduleKind<Body, View>,
  { schedule, body, ifMatch }: { schedule: string; body: Body; ifMatch: number | undefined },
  address: string,
): Promise<View> {
  return await domain.records.transaction(async (stores) => {
    const row = await getSchedule(stores, caller, kind, schedule);
    checkVersion(row, ifMatch);
    const wanted = await columnsOf(domain, stores, caller, body);
    const changed = { ...wanted, content: JSON.stringify(contentOf(body)), version: row.version + 1 };
    await stores.schedules.change(row.id, changed);
    await note(domain, stores, caller, { row: { ...row, ...changed }, action: "schedules/change", address });
    return await view(stores, { ...row, ...changed });
  });
}

export async function deleteSchedule(
  domain: Domain,
  caller: ConsoleCaller,
  { kind, schedule }: { kind: ScheduleRow["kind"]; schedule: string },
  address: string,
): Promise<void> {
  await domain.records.transaction(async (stores) => {
    const row = await getSchedule(stores, caller, kind, schedule);
    await stores.schedules.remove(row.id);
    await note(domain, stores, caller, { row, action: "schedules/delete", address });
  });
}

/** Throws `schedule/missing`. */
export async function getSchedule(
  stores: RecordStores,
  caller: ConsoleCaller,
  kind: ScheduleRow["kind"],
  id: string,
): Promise<ScheduleRow> {
  const row = await stores.schedules.find(id);
  const { organization } = caller.scope;
  const own = onlyOwn(caller);
  const isSeen =
    row?.kind === kind &&
    (organization === undefined || row.organization === organization) &&
    (own === undefined || row.madeBy === own);
  if (row === undefined || !isSeen) throw new HoldfastError("schedule/missing");
  return row;
}

async function columnsOf(domain: Domain, stores: RecordStores, caller: ConsoleCaller, body: AnyBody) {
  const { subject, frequency, timing, groups, recipients, isActive } = body;
  for (const group of groups ?? []) await getGroup(stores, caller, group);
  return {
    madeBy: caller.account.id,
    subject,
    frequency,
    timing: JSON.stringify(timing),
    scopeGroups: groups === null ? null : JSON.stringify(groups),
    recipients: JSON.stringify(recipients),
    isActive: isActive ? 1 : 0,
    nextAt: nextTime(frequency, timing, domain.clock.now()),
  } as const;
}

async function shown(stores: RecordStores, row: ScheduleRow) {
  const maker = await stores.accounts.find(row.madeBy);
  return {
    id: row.id,
    subject: row.subject,
    frequency: row.frequency,
    timing: timingOf(row),
    groups: row.scopeGroups === null ? null : parseIds(row.scopeGroups),
    recipients: recipientsOf(row),
    isActive: row.isActive === 1,
    madeBy: maker?.login ?? "",
    nextAt: row.isActive === 1 ? instant(row.nextAt) : null,
    lastAt: row.lastAt === null ? null : instant(row.lastAt),
    version: row.version,
    createdAt: instant(row.createdAt),
  };
}

export const timingOf = ({ timing }: ScheduleRow) => scheduleTiming.parse(JSON.parse(timing));

export const recipientsOf = ({ recipients }: ScheduleRow): string[] => parseIds(recipients);

async function note(
  domain: Domain,
  stores: RecordStores,
  caller: ConsoleCaller,
  { row, action, address }: { row: ScheduleRow; action: string; address: string },
): Promise<void> {
  const { organization, subject, frequency, kind } = row;
  const detail = JSON.stringify({ kind, frequency, recipients: recipientsOf(row) });
  await audit(domain, stores, { ...actorOf(caller, address), organization, action, subject, detail });
}
