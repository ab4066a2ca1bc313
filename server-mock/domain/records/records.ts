/** Records over all machines that somebody may see: filtered, sorted, in pages; nothing of them is ever changed here. */
import { HoldfastError } from "../../../protocol/errors.ts";
import type { AuditQuery, AuditView, BackupQuery, RestoreQuery } from "../../../protocol/messages/records.ts";
import { type Problem, problem } from "../../../protocol/messages/sessions.ts";
import type { AuditFilter, BackupFilter, RecordFilter, RestoreFilter, SortedPage } from "../../records/record-lists.ts";
import type { RecordStores } from "../../records/records.ts";
import type { AuditRow, BackupRow } from "../../records/rows.ts";
import { getMachine } from "../access/access.ts";
import type { ConsoleCaller } from "../access/callers.ts";
import { narrowed } from "../access/narrowed.ts";
import type { Domain } from "../domain.ts";
import type { ListQuery, Page } from "../pages.ts";
import { viewAudit } from "../views.ts";
import { type ListedBackup, type ListedRestore, viewListedBackup, viewListedRestore } from "./record-views.ts";

const EXPORTED_AT_ONCE = 500;

type Asked<Query> = Omit<Query, "limit" | "cursor">;

export async function searchBackups(
  { records }: Domain,
  caller: ConsoleCaller,
  query: BackupQuery,
): Promise<Page<ListedBackup>> {
  const page = pageAsked(query, "startedAt");
  const rows = await records.recordLists.backups(await backupFilter(records, caller, query), page);
  return pageOfSorted(rows, query, viewListedBackup);
}

export async function searchRestores(
  { records }: Domain,
  caller: ConsoleCaller,
  query: RestoreQuery,
): Promise<Page<ListedRestore>> {
  const page = pageAsked(query, "requestedAt");
  const rows = await records.recordLists.restores(await restoreFilter(records, caller, query), page);
  return pageOfSorted(rows, query, viewListedRestore);
}

/** All pages, for an export. Whatever refuses the question does so before the first of them. */
export async function backupPages(domain: Domain, caller: ConsoleCaller, query: Asked<BackupQuery>) {
  const filter = await backupFilter(domain.records, caller, query);
  return allPages(query, (page) => domain.records.recordLists.backups(filter, page));
}

export async function restorePages(domain: Domain, caller: ConsoleCaller, query: Asked<RestoreQuery>) {
  const filter = await restoreFilter(domain.records, caller, query);
  return allPages(query, (page) => domain.records.recordLists.restores(filter, page));
}

async function backupFilter(
  stores: RecordStores,
  caller: ConsoleCaller,
  query: Asked<BackupQuery>,
): Promise<BackupFilter> {
  const { state, type, result } = query;
  return { ...(await filterOf(stores, caller, query)), state, type, result };
}

async function restoreFilter(
  stores: RecordStores,
  caller: ConsoleCaller,
  query: Asked<RestoreQuery>,
): Promise<RestoreFilter> {
  const { status, source, purpose } = query;
  return { ...(await filterOf(stores, caller, query)), status, source, purpose };
}

/** A record of a machine that the caller may see. Throws `record/missing`. */
async function getBackup({ records }: Domain, caller: ConsoleCaller, id: string): Promise<BackupRow> {
  const row = await records.backups.find(id);
  if (row === undefined) throw new HoldfastError("record/missing");
  await getMachine(records, caller, row.machine, { evenDeleted: true }).catch((error: unknown) => {
    throw error instanceof HoldfastError && error.code === "machine/missing"
      ? new HoldfastError("record/missing")
      : error;
  });
  return row;
}

export async function findBackup(
  domain: Domain,
  caller: ConsoleCaller,
  id: string,
): Promise<Omit<ListedBackup, "machineName" | "user" | "duration">> {
  const {
    machineName: _,
    user: __,
    duration: ___,
    ...view
  } = viewListedBackup({
    ...(await getBackup(domain, caller, id)),
    machineName: "",
    userLogin: "",
    sortedBy: "",
  });
  return view;
}

/** The cursor is how many of them have been shown: they don't change any more, or only grow. */
export async function listProblems(
  domain: Domain,
  caller: ConsoleCaller,
  id: string,
  { limit, cursor }: ListQuery,
): Promise<Page<Problem>> {
  const from = cursor === undefined ? 0 : Number(cursor);
  if (!Number.isSafeInteger(from) || from < 0) throw badCursor();
  const all = problem.array().parse(JSON.parse((await getBackup(domain, caller, id)).problems));
  const next = from + limit < all.length ? String(from + limit) : null;
  return { items: all.slice(from, from + limit), next };
}

export async function searchAudit(domain: Domain, caller: ConsoleCaller, query: AuditQuery): Promise<Page<AuditView>> {
  const after = query.cursor === undefined ? undefined : Number(query.cursor);
  if (after !== undefined && !Number.isSafeInteger(after)) throw badCursor();
  const filter = await auditFilter(domain.records, caller, query);
  const rows = await domain.records.recordLists.audit(filter, { limit: query.limit + 1, after });
  const shown = rows.slice(0, query.limit);
  const next = rows.length > query.limit ? String(shown.at(-1)?.id) : null;
  return { items: shown.map(viewAudit), next };
}

export async function auditPages(
  { records }: Domain,
  caller: ConsoleCaller,
  query: Asked<AuditQuery>,
): Promise<AsyncGenerator<AuditRow[]>> {
  return allAudit(records, await auditFilter(records, caller, query));
}

async function* allAudit({ recordLists }: RecordStores, filter: AuditFilter): AsyncGenerator<AuditRow[]> {
  for (let after: number | undefined; ; ) {
    const rows = await recordLists.audit(filter, { limit: EXPORTED_AT_ONCE, after });
    yield rows;
    after = rows.at(-1)?.id;
    if (rows.length < EXPORTED_AT_ONCE) return;
  }
}

/** Who is bound to groups sees what was done to their users, and by itself. */
async function auditFilter(
  stores: RecordStores,
  asked: ConsoleCaller,
  { organization, actor, action, user, since, until }: Asked<AuditQuery>,
): Promise<AuditFilter> {
  const { scope, account } = await narrowed(stores, asked, organization);
  return {
    organization: scope.organization,
    within: scope.groups === undefined ? undefined : { groups: scope.groups, actor: account.login },
    account: user,
    actor,
    action,
    since: ms(since),
    until: ms(until),
  };
}

type Filters = Pick<Asked<BackupQuery>, "organization" | "machine" | "user" | "group" | "since" | "until">;

/** Without the right to see machines, only the caller's own. */
async function filterOf(
  stores: RecordStores,
  asked: ConsoleCaller,
  { organization, machine, user, group, since, until }: Filters,
): Promise<RecordFilter> {
  const caller = await narrowed(stores, asked, organization);
  const own = caller.capabilities.has("machines.view") ? {} : { account: caller.account.id };
  return { scope: { ...caller.scope, ...own }, machine, user, group, since: ms(since), until: ms(until) };
}

const ms = (instant: string | undefined): number | undefined =>
  instant === undefined ? undefined : Date.parse(instant);

type Sorted<Sort> = { readonly sort: Sort; readonly order: "asc" | "desc"; readonly machine?: string | undefined };

/** Throws `request/malformed`: rows of many machines are only kept in the order in which they began. */
function pageAsked<Sort extends string>(
  { sort, order, machine, limit, cursor }: Sorted<Sort> & ListQuery,
  first: Sort,
): SortedPage<Sort> {
  if (sort !== first && machine === undefined)
    throw new HoldfastError("request/malformed", { reason: `sort: without a machine only ${first}`, field: "sort" });
  const after = cursor === undefined ? undefined : parseCursor(cursor, sort);
  return { sort, descending: order === "desc", limit: limit + 1, after };
}

function pageOfSorted<Row extends { id: string; sortedBy: string | number }, View>(
  rows: readonly Row[],
  { limit, sort }: { limit: number; sort: string },
  view: (row: Row) => View,
): Page<View> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const next = rows.length > limit && last !== undefined ? cursorOf(sort, last) : null;
  return { items: shown.map(view), next };
}

const cursorOf = (sort: string, { sortedBy, id }: { sortedBy: string | number; id: string }): string =>
  Buffer.from(JSON.stringify([sort, sortedBy, id])).toString("base64url");

function parseCursor(cursor: string, sort: string): { value: string | number; id: string } {
  const [of, value, id] = decoded(cursor);
  const isValue = typeof value === "string" || (typeof value === "number" && Number.isSafeInteger(value));
  if (of !== sort || !isValue || typeof id !== "string") throw badCursor();
  return { value, id };
}

function decoded(cursor: string): unknown[] {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString());
    return Array.isArray(parsed) ? parsed : [];
  } catch {
    return [];
  }
}

const badCursor = (): HoldfastError =>
  new HoldfastError("request/malformed", { reason: "cursor: not one of ours", field: "cursor" });

async function* allPages<Sort extends string, Row extends { id: string; sortedBy: string | number }>(
  { sort, order }: Sorted<Sort>,
  rowsOf: (page: SortedPage<Sort>) => Promise<Row[]>,
): AsyncGenerator<Row[]> {
  let after: SortedPage<Sort>["after"];
  for (;;) {
    const rows = await rowsOf({ sort, descending: order === "desc", limit: EXPORTED_AT_ONCE, after });
    yield rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < EXPORTED_AT_ONCE) return;
    after = { value: last.sortedBy, id: last.id };
  }
}
