/** Questions over all machines: who is overdue, how many are how. */
import { type RawBuilder, sql as raw } from "kysely";
import type { MachineStatus } from "../../../protocol/messages/alerts.ts";
import type { Cutoffs, Watch } from "../watch.ts";
import type { Sql } from "./database.ts";
import { within } from "./scope.ts";

export const sqlWatch = (sql: Sql): Watch => ({
  listNever: ({ limit, after }, { group, before }) =>
    sql
      .selectFrom("machines")
      .selectAll()
      .where("userGroup", "=", group)
      .where("deletedAt", "is", null)
      .where("lastUpdateAt", "is", null)
      .where("createdAt", "<", before)
      .$if(after !== undefined, (query) => query.where("id", ">", after ?? ""))
      .orderBy("id")
      .limit(limit)
      .execute(),
  listLate: ({ limit, after }, { group, before }) =>
    sql
      .selectFrom("machines")
      .selectAll()
      .where("userGroup", "=", group)
      .where("deletedAt", "is", null)
      .where("lastUpdateAt", "<", before)
      .$if(after !== undefined, (query) =>
        query.where((eb) =>
          eb.or([
            eb("lastUpdateAt", ">", after?.lastUpdateAt ?? 0),
            eb.and([eb("lastUpdateAt", "=", after?.lastUpdateAt ?? 0), eb("id", ">", after?.id ?? "")]),
          ]),
        ),
      )
      .orderBy("lastUpdateAt")
      .orderBy("id")
      .limit(limit)
      .execute(),
  async countByStatus({ limit, after }, { scope, cutoffs }) {
    // Deleted ones are within the window, too: leaving them out here would make the database look for an index of theirs, and sort.
    const window = sql
      .selectFrom("machines")
      .select(["id", statusOf(cutoffs).as("status")])
      .where(within(scope))
      .$if(after !== undefined, (query) => query.where("id", ">", after ?? ""))
      .orderBy("id")
      .limit(limit)
      .as("counted");
    const counted = await sql
      .selectFrom(window)
      .select((eb) => ["status", eb.fn.countAll<number>().as("count"), eb.fn.max("id").as("last")])
      .groupBy("status")
      .execute();
    const lasts = counted.map(({ last }) => last).sort();
    const seen = counted.reduce((sum, { count }) => sum + Number(count), 0);
    return {
      counts: Object.fromEntries(counted.map(({ status, count }) => [status, Number(count)])),
      next: seen < limit ? undefined : lasts.at(-1),
    };
  },
  findMachines: (ids) =>
    sql
      .selectFrom("machines")
      .selectAll()
      .where("id", "in", ids.length === 0 ? [""] : [...ids])
      .where("deletedAt", "is", null)
      .execute(),
  async sumUsed() {
    const { used } = await sql
      .selectFrom("machines")
      .select((eb) => eb.fn.sum<number>("usedBytes").as("used"))
      .executeTakeFirstOrThrow();
    return Number(used ?? 0);
  },
  async countRunning(scope) {
    const { count } = await sql
      .selectFrom("sessions")
      .innerJoin("machines", "machines.id", "sessions.machine")
      .select((eb) => eb.fn.countAll<number>().as("count"))
      .where("sessions.state", "=", "open")
      .where(within(scope, { organization: "organization", group: "userGroup", account: "account" }))
      .executeTakeFirstOrThrow();
    return Number(count);
  },
  findLastRun: (machine) =>
    sql
      .selectFrom("backups")
      .selectAll()
      .where("machine", "=", machine)
      .orderBy("id", "desc")
      .limit(1)
      .executeTakeFirst(),
  findFirstFailure: (machine, from) =>
    sql
      .selectFrom("backups")
      .selectAll()
      .where("machine", "=", machine)
      .where("id", ">=", from)
      .where("state", "in", ["failed", "incomplete"])
      .orderBy("id")
      .limit(1)
      .executeTakeFirst(),
});

/** In the order of the cases: the first that holds. */
export const statusOf = (cutoffs: Cutoffs): RawBuilder<MachineStatus | "deleted"> => {
  const before = cutoffOf(cutoffs);
  return raw<MachineStatus | "deleted">`case
    when ${raw.ref("deletedAt")} is not null then 'deleted'
    when ${raw.ref("state")} = 'suspended' then 'suspended'
    when ${raw.ref("lastUpdateAt")} is null then 'never'
    when ${raw.ref("lastFailureAt")} > ${raw.ref("lastUpdateAt")} then 'failing'
    when ${raw.ref("lastSeenAt")} < ${before} then 'offline'
    when ${raw.ref("lastUpdateAt")} < ${before} then 'late'
    else 'on-time' end`;
};

export function cutoffOf({ otherwise, byGroup }: Cutoffs): RawBuilder<number> {
  if (byGroup.length === 0) return number(otherwise);
  const cases = byGroup.map(
    ({ at, groups }) => raw`when ${raw.ref("userGroup")} in (${raw.join(groups)}) then ${number(at)}`,
  );
  return raw<number>`case ${raw.join(cases, raw` `)} else ${number(otherwise)} end`;
}

/** Typed: PostgreSQL would take a bare parameter within CASE for text. */
const number = (value: number): RawBuilder<number> => raw<number>`cast(${value} as bigint)`;
