/** Record lists in SQL. Newest first walks an index; other orders sort the rows of one machine. */
import { type RawBuilder, sql as raw } from "kysely";
import type { BackupSort, Listed, RecordFilter, RecordLists, RestoreSort, SortedPage } from "../record-lists.ts";
import type { BackupRow, RestoreRow } from "../rows.ts";
import type { Sql } from "./database.ts";
import { within } from "./scope.ts";

/** What runs still going on are sorted as: behind everything that has ended. */
const NOT_ENDED = 9_007_199_254_740_991;

export const sqlRecordLists = (sql: Sql): RecordLists => ({
  backups: (filter, page) => {
    const query = sql
      .selectFrom("backups")
      .innerJoin("machines", "machines.id", "backups.machine")
      .innerJoin("accounts", "accounts.id", "machines.account")
      .selectAll("backups")
      .select(["machines.name as machineName", "accounts.login as userLogin"])
      .select(backupSort(page.sort).as("sortedBy"))
      .where(whose("backups", filter))
      .where(whenIn("backups.startedAt", filter))
      .$if(filter.state !== undefined, (each) => each.where(stateIs(filter.state ?? "running")))
      .$if(filter.type !== undefined, (each) => each.where("backups.type", "=", filter.type ?? "Manual"))
      .$if(filter.result !== undefined, (each) => each.where("backups.result", "=", filter.result ?? ""))
      .where(behind("backups.id", backupSort(page.sort), page))
      .orderBy(backupSort(page.sort), page.descending ? "desc" : "asc")
      .$if(page.sort !== "startedAt", (each) => each.orderBy("backups.id", page.descending ? "desc" : "asc"))
      .limit(page.limit);
    return query.execute() as Promise<Listed<BackupRow>[]>; // `sortedBy` is a number or text; kysely can't tell which.
  },
  restores: (filter, page) => {
    const query = sql
      .selectFrom("restores")
      .innerJoin("machines", "machines.id", "restores.machine")
      .innerJoin("accounts", "accounts.id", "machines.account")
      .selectAll("restores")
      .select(["machines.name as machineName", "accounts.login as userLogin"])
      .select(restoreSort(page.sort).as("sortedBy"))
      .where(whose("restores", filter))
      .where(whenIn("restores.requestedAt", filter))
      .$if(filter.status !== undefined, (each) => each.where("restores.status", "=", filter.status ?? "running"))
      .$if(filter.source !== undefined, (each) => each.where("restores.source", "=", filter.source ?? "cli"))
      .$if(filter.purpose !== undefined, (each) => each.where("restores.purpose", "=", filter.purpose ?? ""))
      .where(behind("restores.id", restoreSort(page.sort), page))
      .orderBy(restoreSort(page.sort), page.descending ? "desc" : "asc")
      .$if(page.sort !== "requestedAt", (each) => each.orderBy("restores.id", page.descending ? "desc" : "asc"))
      .limit(page.limit);
    return query.execute() as Promise<Listed<RestoreRow>[]>; // As above.
  },
  async runSlots(machine, { from, slotMs }) {
    // Whole numbers in both engines.
    const slot = raw<number>`(${raw.ref("startedAt")} - ${raw.ref("startedAt")} % ${raw.lit(slotMs)}) / ${raw.lit(slotMs)}`;
    const found = await sql
      .selectFrom("backups")
      .select((eb) => [
        slot.as("slot"),
        "state",
        eb.fn.countAll<number>().as("runs"),
        eb.fn.sum<number>("bytesTransferred").as("bytes"),
      ])
      .where("machine", "=", machine)
      .where("id", ">=", from)
      .groupBy([slot, "state"])
      .orderBy(slot)
      .execute();
    return found.map(({ slot, state, runs, bytes }) => {
      return { slot: Number(slot), state, runs: Number(runs), bytesTransferred: Number(bytes) };
    });
  },
  audit: ({ organization, within: bounds, account, actor, action, since, until }, { limit, after }) =>
    sql
      .selectFrom("audit")
      .selectAll()
      .$if(organization !== undefined, (query) => query.where("organization", "=", organization ?? ""))
      .$if(bounds !== undefined, (query) =>
        query.where((eb) =>
          eb.or([
            eb("actor", "=", bounds?.actor ?? ""),
            eb(
              "account",
              "in",
              eb
                .selectFrom("accounts")
                .select("accounts.id")
                .where("userGroup", "in", bounds?.groups.length ? [...bounds.groups] : [""]),
            ),
          ]),
        ),
      )
      .$if(account !== undefined, (query) => query.where("account", "=", account ?? ""))
      .$if(actor !== undefined, (query) => query.where("actor", "=", actor ?? ""))
      // "0" comes behind "/": the area and everything in it.
      .$if(action !== undefined, (query) =>
        query.where((eb) =>
          eb.or([
            eb("action", "=", action ?? ""),
            eb.and([eb("action", ">=", `${action}/`), eb("action", "<", `${action}0`)]),
          ]),
        ),
      )
      .$if(since !== undefined, (query) => query.where("at", ">=", since ?? 0))
      .$if(until !== undefined, (query) => query.where("at", "<", until ?? 0))
      .$if(after !== undefined, (query) => query.where("id", "<", after ?? 0))
      .orderBy("id", "desc")
      .limit(limit)
      .execute(),
});

/** Written out: the index of those that go on is found only then. */
const stateIs = (state: BackupRow["state"]): RawBuilder<boolean> =>
  raw`${raw.ref("backups.state")} = ${state === "running" ? raw.lit(state) : state}`;

type Value = RawBuilder<string | number>;

/** Ids are made in the order of starts, so the id stands for the start. */
function backupSort(sort: BackupSort): Value {
  switch (sort) {
    case "startedAt":
      return raw`${raw.ref("backups.id")}`;
    case "endedAt":
      return raw`coalesce(${raw.ref("backups.endedAt")}, ${NOT_ENDED})`;
    case "duration":
      return raw`coalesce(${raw.ref("backups.endedAt")} - ${raw.ref("backups.startedAt")}, ${NOT_ENDED})`;
    case "result":
      return raw`coalesce(${raw.ref("backups.result")}, '')`;
    default:
      return raw`${raw.ref(`backups.${sort}`)}`;
  }
}

function restoreSort(sort: RestoreSort): Value {
  switch (sort) {
    case "requestedAt":
      return raw`${raw.ref("restores.id")}`;
    case "finishedAt":
      return raw`coalesce(${raw.ref("restores.finishedAt")}, ${NOT_ENDED})`;
    default:
      return raw`${raw.ref(`restores.${sort}`)}`;
  }
}

function whose(table: "backups" | "restores", { scope, machine, user, group }: RecordFilter): RawBuilder<boolean> {
  const conditions: RawBuilder<unknown>[] = [
    within(scope, { organization: `${table}.organization`, group: "machines.userGroup", account: "machines.account" }),
  ];
  if (machine !== undefined) conditions.push(raw`${raw.ref(`${table}.machine`)} = ${machine}`);
  if (user !== undefined) conditions.push(raw`${raw.ref("machines.account")} = ${user}`);
  if (group !== undefined) conditions.push(raw`${raw.ref("machines.userGroup")} = ${group}`);
  return raw`${raw.join(conditions, raw` and `)}`;
}

function whenIn(column: string, { since, until }: RecordFilter): RawBuilder<boolean> {
  return raw`${raw.ref(column)} >= ${since ?? 0} and ${raw.ref(column)} < ${until ?? NOT_ENDED}`;
}

/** The rows behind the last one of the page before. */
function behind(id: string, value: Value, { after, descending }: SortedPage<string>): RawBuilder<boolean> {
  if (after === undefined) return raw`1 = 1`;
  const than = descending ? raw`<` : raw`>`;
  const isId = after.value === after.id;
  if (isId) return raw`${raw.ref(id)} ${than} ${after.id}`;
  return raw`(${value} ${than} ${after.value} or (${value} = ${after.value} and ${raw.ref(id)} ${than} ${after.id}))`;
}
