/** What happened, as people read it. */
import { EVENTS, type EventKind } from "../../../protocol/events.ts";
import { type EventQuery, type EventView, eventKind, eventView } from "../../../protocol/messages/events.ts";
import type { EventRow } from "../../records/notice-rows.ts";
import type { RecordStores } from "../../records/records.ts";
import type { AccountRow, MachineRow } from "../../records/rows.ts";
import { getMachine, getUser } from "../access/access.ts";
import type { ConsoleCaller } from "../access/callers.ts";
import { narrowed } from "../access/narrowed.ts";
import type { Domain } from "../domain.ts";
import { type Page, pageOf } from "../pages.ts";
import { firstIdAt } from "../row-ids.ts";
import { instant } from "../views.ts";
import { kindsFor } from "./event-access.ts";

const detailSchema = eventView.shape.detail;

/** Newest first; kinds that the caller may not read are left out. Throws `organization/missing`, `machine/missing`, `user/missing`. */
export async function listEvents(
  { records }: Domain,
  asked: ConsoleCaller,
  { kind, machine, user, organization, since, until, ...page }: EventQuery,
): Promise<Page<EventView>> {
  const caller = await narrowed(records, asked, organization);
  // Of a machine: those of its user, among which its own are found fast.
  const owner = machine && (await getMachine(records, caller, machine, { evenDeleted: true })).machine.account;
  const person = user && (await getUser(records, caller, user)).id;
  const kinds = kindsFor(caller).filter((each) => kind === undefined || each === kind);
  const whose = person ?? owner;
  const isEmpty = kinds.length === 0 || (owner !== undefined && person !== undefined && owner !== person);
  const filter = {
    scope: whose === undefined ? caller.scope : { ...caller.scope, account: whose },
    kinds,
    machine,
    from: since === undefined ? undefined : firstIdAt(Date.parse(since)),
    until: until === undefined ? undefined : firstIdAt(Date.parse(until)),
  };
  const list = async (wanted: { limit: number }) => (isEmpty ? [] : await records.events.list(wanted, filter));
  return await pageOf(page, list, (row) => viewEvent(records, row));
}

export async function viewEvent(stores: RecordStores, row: EventRow): Promise<EventView> {
  const machine = row.machine === null ? undefined : await stores.machines.findEvenDeleted(row.machine);
  const user = row.account === null ? undefined : await stores.accounts.find(row.account);
  const isThere = user !== undefined && user.state !== "purged";
  const kind = eventKind.parse(row.kind);
  const detail = parseDetail(row.detail);
  return {
    id: row.id,
    kind,
    at: instant(row.at),
    organization: row.organization,
    machine: machine === undefined || machine.purgedAt !== null ? null : { id: machine.id, name: machine.name },
    user: isThere ? { id: user.id, email: user.login } : null,
    detail,
    shown: shownEvent(kind, { machine, user: isThere ? user : undefined, detail }),
  };
}

/** Written by `emit` only; one that can't be read must not hide the others. */
function parseDetail(detail: string): EventView["detail"] {
  try {
    return detailSchema.parse(JSON.parse(detail));
  } catch {
    return {};
  }
}

interface About {
  readonly machine: MachineRow | undefined;
  readonly user: AccountRow | undefined;
  readonly detail: EventView["detail"];
}

/** `den: a backup failed (quota/exceeded)` */
function shownEvent(kind: EventKind, { machine, user, detail }: About): string {
  const named = [detail.subject, detail.what === "retention" ? null : detail.what].find(
    (each) => typeof each === "string",
  );
  const subject =
    machine?.name ?? (kind === "policy.changed" ? detail.name : named) ?? user?.login ?? detail.name ?? detail.email;
  const code = kind === "machine.backup-failed" || kind === "machine.backup-incomplete" ? detail.code : undefined;
  const said = typeof code === "string" ? `${EVENTS[kind]} (${code})` : EVENTS[kind];
  return typeof subject === "string" && subject !== "" ? `${subject}: ${said}` : said;
}
