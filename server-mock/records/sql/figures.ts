import { type RawBuilder, sql as raw } from "kysely";
import type { Figures } from "../figures.ts";
import type { Sql } from "./database.ts";

const DAY_MS = 24 * 3600 * 1000;

const countIf = (condition: RawBuilder<unknown>): RawBuilder<number> =>
  raw<number>`COALESCE(SUM(CASE WHEN ${condition} THEN 1 ELSE 0 END), 0)`;

export const sqlFigures = (sql: Sql): Figures => ({
  async countMachines(now) {
    const [deleted, state, last] = [raw.ref("deletedAt"), raw.ref("state"), raw.ref("lastUpdateAt")];
    const isActive = raw`${deleted} IS NULL AND ${state} = 'active'`;
    const isSince = (from: number, to: number) => raw`${isActive} AND ${last} > ${from} AND ${last} <= ${to}`;
    const [day, week] = [now - DAY_MS, now - 7 * DAY_MS];
    const counted = await sql
      .selectFrom("machines")
      .select([
        countIf(isActive).as("active"),
        countIf(raw`${deleted} IS NULL AND ${state} <> 'active'`).as("suspended"),
        countIf(raw`${deleted} IS NOT NULL`).as("deleted"),
        countIf(isSince(day, Number.MAX_SAFE_INTEGER)).as("within24Hours"),
        countIf(isSince(week, day)).as("within1Week"),
        countIf(raw`${isActive} AND ${last} <= ${week}`).as("over1Week"),
        countIf(raw`${isActive} AND ${last} IS NULL`).as("never"),
      ])
      .executeTakeFirstOrThrow();
    const { active, suspended, within24Hours, within1Week, over1Week, never } = counted;
    return {
      active: Number(active),
      suspended: Number(suspended),
      deleted: Number(counted.deleted),
      within24Hours: Number(within24Hours),
      within1Week: Number(within1Week),
      over1Week: Number(over1Week),
      never: Number(never),
    };
  },
  async countOpenSessions() {
    const { count } = await sql
      .selectFrom("sessions")
      .select(({ fn }) => fn.countAll().as("count"))
      .where("state", "=", "open")
      .executeTakeFirstOrThrow();
    return Number(count);
  },
});
