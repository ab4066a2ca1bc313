/** What changed since midnight: counts, each with the query that lists it, and the newest of it. */
import type { EventKind } from "../../../protocol/events.ts";
import { type OverviewQuery, type OverviewToday, TODAY_COUNTS } from "../../../protocol/messages/overview.ts";
import type { EventRow } from "../../records/notice-rows.ts";
import type { ConsoleCaller } from "../access/callers.ts";
import { narrowed } from "../access/narrowed.ts";
import type { Domain } from "../domain.ts";
import { seesKind } from "../events/event-access.ts";
import { viewEvent } from "../events/list-events.ts";
import { firstIdAt } from "../row-ids.ts";
import { instant } from "../views.ts";
import { listOf } from "./overview.ts";
import { midnight, zoneOf } from "./zone.ts";

const NEWEST = 10;

const KINDS: Readonly<Record<(typeof TODAY_COUNTS)[number], EventKind>> = {
  "machines-added": "machine.registered",
  "machines-deleted": "machine.deleted",
  "users-added": "user.created",
  "users-deleted": "user.deleted",
  "backups-failed": "machine.backup-failed",
  "backups-incomplete": "machine.backup-incomplete",
  restores: "restore.requested",
  "policies-changed": "policy.changed",
  "quotas-reached": "quota.reached",
  "quotas-exceeded": "quota.exceeded",
};

/** Throws `organization/missing`. */
export async function overviewToday(
  domain: Domain,
  asked: ConsoleCaller,
  { organization }: OverviewQuery,
): Promise<OverviewToday> {
  const { records, clock } = domain;
  const caller = await narrowed(records, asked, organization);
  const { scope } = caller;
  const timeZone = await zoneOf(records, scope.organization);
  const midnightAt = midnight(clock.now(), timeZone);
  const [from, since] = [firstIdAt(midnightAt), instant(midnightAt)];
  const changes: OverviewToday["changes"] = [];
  const newest: EventRow[] = [];
  // Kind by kind: each is one stretch of its index, however many backups succeeded meanwhile.
  for (const what of TODAY_COUNTS.filter((each) => seesKind(caller, KINDS[each]))) {
    const kind = KINDS[what];
    const count = (await records.events.countByKind({ scope, kinds: [kind], from })).get(kind) ?? 0;
    changes.push({ what, count, filter: { kind, since, ...listOf(caller) } });
    if (count > 0) newest.push(...(await records.events.list({ limit: NEWEST }, { scope, kinds: [kind], from })));
  }
  const shown = newest.toSorted((a, b) => (a.id < b.id ? 1 : -1)).slice(0, NEWEST);
  return { since, timeZone, changes, newest: await Promise.all(shown.map((row) => viewEvent(records, row))) };
}
