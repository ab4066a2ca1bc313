/** What is known and decided about space: vaults, retention, pins, holds, damage, runs of jobs. */
import type { RecordStores } from "../records.ts";
import type { Damages, Holds, JobRuns, Pins, RetentionRules, Spaces } from "../space.ts";
import type { SpaceRow } from "../space-rows.ts";
import type { Sql } from "./database.ts";
import { within } from "./scope.ts";

const OF_MACHINE = { organization: "machines.organization", group: "machines.userGroup", account: "machines.account" };

export const sqlSpace = (
  sql: Sql,
): Pick<RecordStores, "spaces" | "retention" | "pins" | "holds" | "damages" | "jobRuns"> => ({
  spaces: sqlSpaces(sql),
  retention: sqlRetention(sql),
  pins: sqlPins(sql),
  holds: sqlHolds(sql),
  damages: sqlDamages(sql),
  jobRuns: sqlJobRuns(sql),
});

const nothingKnown = (vault: number): SpaceRow => ({
  vault,
  isDue: 0,
  collectedAt: null,
  referencedBytes: null,
  measuredAt: null,
  heldBytes: null,
  heldAt: null,
  confirmedBytes: 0,
  frozenAt: null,
  frozenReason: null,
  watchedSequence: 0,
  losses: 0,
  card: null,
  purgedAt: null,
});

const sqlSpaces = (sql: Sql): Spaces => ({
  async find(vault) {
    const row = await sql.selectFrom("spaces").selectAll().where("vault", "=", vault).executeTakeFirst();
    return row ?? nothingKnown(vault);
  },
  async change(vault, columns) {
    await sql
      .insertInto("spaces")
      .values({ ...nothingKnown(vault), ...columns })
      .onConflict((conflict) => conflict.column("vault").doUpdateSet(columns))
      .execute();
  },
  async listDue(after, limit) {
    const found = await sql
      .selectFrom("spaces")
      .select("vault")
      .where("isDue", "=", 1)
      .where("vault", ">", after)
      .orderBy("vault")
      .limit(limit)
      .execute();
    return found.map(({ vault }) => vault);
  },
  async listPurged(purgedBefore, limit) {
    const found = await sql
      .selectFrom("spaces")
      .select("vault")
      .where("purgedAt", "<", purgedBefore)
      .orderBy("purgedAt")
      .limit(limit)
      .execute();
    return found.map(({ vault }) => vault);
  },
  listHeld: ({ limit, after }, scope) =>
    sql
      .selectFrom("spaces")
      .innerJoin("vaults", "vaults.number", "spaces.vault")
      .innerJoin("machines", "machines.id", "vaults.machine")
      .selectAll("spaces")
      .where((eb) => eb.or([eb("heldAt", "is not", null), eb("frozenAt", "is not", null)]))
      .where(within(scope, OF_MACHINE))
      .$if(after !== undefined, (query) => query.where("spaces.vault", "<", after ?? 0))
      .orderBy("spaces.vault", "desc")
      .limit(limit)
      .execute(),
  async listVaults(after, limit) {
    const found = await sql
      .selectFrom("vaults")
      .select("number")
      .where("number", ">", after)
      .orderBy("number")
      .limit(limit)
      .execute();
    return found.map(({ number }) => number);
  },
});

const sqlRetention = (sql: Sql): RetentionRules => ({
  async put(row) {
    const { rule, changedAt } = row;
    await sql
      .insertInto("retentionRules")
      .values(row)
      .onConflict((conflict) => conflict.column("holder").doUpdateSet({ rule, changedAt }))
      .execute();
  },
  find: (holder) => sql.selectFrom("retentionRules").selectAll().where("holder", "=", holder).executeTakeFirst(),
  async remove(holder) {
    await sql.deleteFrom("retentionRules").where("holder", "=", holder).execute();
  },
});

const sqlPins = (sql: Sql): Pins => ({
  async put(row) {
    const { reason, madeBy, madeAt } = row;
    await sql
      .insertInto("pins")
      .values(row)
      .onConflict((conflict) => conflict.columns(["vault", "sequence"]).doUpdateSet({ reason, madeBy, madeAt }))
      .execute();
  },
  list: (vault) => sql.selectFrom("pins").selectAll().where("vault", "=", vault).orderBy("sequence").execute(),
  async remove(vault, sequence) {
    await sql.deleteFrom("pins").where("vault", "=", vault).where("sequence", "=", sequence).execute();
  },
});

const sqlHolds = (sql: Sql): Holds => ({
  async insert(row) {
    await sql.insertInto("holds").values(row).execute();
  },
  find: (id) => sql.selectFrom("holds").selectAll().where("id", "=", id).executeTakeFirst(),
  list: ({ limit, after }, { organization, holders }) =>
    sql
      .selectFrom("holds")
      .selectAll()
      .$if(organization !== undefined, (query) => query.where("organization", "=", organization ?? ""))
      .$if(holders !== undefined, (query) => query.where("holder", "in", holders ?? []))
      .$if(after !== undefined, (query) => query.where("id", "<", after ?? ""))
      .orderBy("id", "desc")
      .limit(limit)
      .execute(),
  async remove(id) {
    await sql.deleteFrom("holds").where("id", "=", id).execute();
  },
  async isHeld(holders) {
    if (holders.length === 0) return false;
    const found = await sql.selectFrom("holds").select("id").where("holder", "in", holders).limit(1).execute();
    return found.length > 0;
  },
});

const sqlDamages = (sql: Sql): Damages => ({
  async insert(row) {
    await sql.insertInto("damages").values(row).execute();
  },
  findOpen: (vault, kind, name) =>
    sql
      .selectFrom("damages")
      .selectAll()
      .where("vault", "=", vault)
      .where("state", "=", "open")
      .where("kind", "=", kind)
      .where("name", "=", name)
      .executeTakeFirst(),
  async change(id, columns) {
    await sql.updateTable("damages").set(columns).where("id", "=", id).execute();
  },
  list: ({ limit, after }, scope, { vault } = {}) =>
    sql
      .selectFrom("damages")
      .innerJoin("vaults", "vaults.number", "damages.vault")
      .innerJoin("machines", "machines.id", "vaults.machine")
      .selectAll("damages")
      .where(within(scope, OF_MACHINE))
      .$if(vault !== undefined, (query) => query.where("damages.vault", "=", vault ?? 0))
      .$if(after !== undefined, (query) => query.where("damages.id", "<", after ?? ""))
      .orderBy("damages.id", "desc")
      .limit(limit)
      .execute(),
  listOpen: (vault) =>
    sql
      .selectFrom("damages")
      .selectAll()
      .where("vault", "=", vault)
      .where("state", "=", "open")
      .orderBy("id")
      .execute(),
  async listVaultsWithOpen() {
    const found = await sql
      .selectFrom("damages")
      .select("vault")
      .distinct()
      .where("state", "=", "open")
      .orderBy("vault")
      .execute();
    return found.map(({ vault }) => vault);
  },
  async countOpen() {
    const { count } = await sql
      .selectFrom("damages")
      .select((eb) => eb.fn.countAll<number>().as("count"))
      .where("state", "=", "open")
      .executeTakeFirstOrThrow();
    return Number(count);
  },
});

const sqlJobRuns = (sql: Sql): JobRuns => ({
  async put(row) {
    const { name: _, ...columns } = row;
    await sql
      .insertInto("jobRuns")
      .values(row)
      .onConflict((conflict) => conflict.column("name").doUpdateSet(columns))
      .execute();
  },
  find: (name) => sql.selectFrom("jobRuns").selectAll().where("name", "=", name).executeTakeFirst(),
  list: () => sql.selectFrom("jobRuns").selectAll().orderBy("name").execute(),
});
