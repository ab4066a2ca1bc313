/** Used and promised bytes on the levels of the quota tree: machine, user, group, organization. */
import { bug, HoldfastError } from "../../../protocol/errors.ts";
import type { Quota, QuotaLevel } from "../records.ts";
import type { MachineRow, PoolRow } from "../rows.ts";
import type { Sql } from "./database.ts";
import { addUsed } from "./groups.ts";

interface Room {
  readonly limitBytes: number | null;
  readonly overageBytes: number | null;
  readonly usedBytes: number;
}

export const sqlQuota = (sql: Sql, node: string): Quota => ({
  async levels(id, options) {
    const machine = await sql.selectFrom("machines").selectAll().where("id", "=", id).executeTakeFirst();
    return machine === undefined
      ? bug("a quota was asked of a machine that does not exist")
      : await this.levelsOf(machine, options);
  },
  async levelsOf(machine, { separatePools }) {
    const { id, account, organization, userGroup, kind } = machine;
    const counted = separatePools ? kind : "all";
    const user = await sql.selectFrom("accounts").selectAll().where("id", "=", account).executeTakeFirstOrThrow();
    const pools = await sql
      .selectFrom("pools")
      .selectAll()
      .where("holder", "in", [userGroup, organization])
      .where("kind", "=", counted)
      .execute();
    const [group, top] = [
      pools.find((each) => each.holder === userGroup),
      pools.find((each) => each.holder === organization),
    ];
    if (group === undefined || top === undefined) return bug("a machine's group or organization has no pool");
    // A handful of uploads in flight, so they are summed here rather than four times there.
    const promises = await sql
      .selectFrom("reservations")
      .select(["machine", "account", "userGroup", "kind", "bytes"])
      .where("organization", "=", organization)
      .execute();
    const inPool = promises.filter((each) => !separatePools || each.kind === kind);
    const own = [
      level(
        "machine",
        { ...machine, overageBytes: 0 },
        promises.filter((each) => each.machine === id),
      ),
      level(
        "user",
        user,
        promises.filter((each) => each.account === account),
      ),
      level(
        "group",
        roomOf(group),
        inPool.filter((each) => each.userGroup === userGroup),
      ),
    ];
    const held = level("organization", top, inPool);
    const taken = await takenByOthers(sql, { organization, counted, userGroup }, inPool);
    return [...own, { ...held, heldBytes: held.heldBytes + taken }];
  },
  async reserve(row) {
    const other = await sql
      .selectFrom("reservations")
      .select("id")
      .where("blob", "=", row.blob)
      .where("node", "!=", node)
      .executeTakeFirst();
    if (other !== undefined) throw new HoldfastError("service/busy", { what: "this pack" });
    await sql
      .insertInto("reservations")
      .values({ ...row, node })
      .execute();
  },
  async release(id) {
    const released = await sql
      .deleteFrom("reservations")
      .where("id", "=", id)
      .where("node", "=", node)
      .returning("id")
      .executeTakeFirst();
    return released !== undefined;
  },
  async isHeld(id) {
    const held = sql.selectFrom("reservations").select("id").where("id", "=", id).where("node", "=", node);
    return (await held.executeTakeFirst()) !== undefined;
  },
  async takeOver(id, { from, to }) {
    const taken = await sql
      .updateTable("reservations")
      .set({ node: to })
      .where("id", "=", id)
      .where("node", "=", from)
      .returning("id")
      .executeTakeFirst();
    return taken !== undefined;
  },
  async charge(id, bytes) {
    const machine = await sql
      .updateTable("machines")
      .set((eb) => ({ usedBytes: eb("usedBytes", "+", bytes) }))
      .where("id", "=", id)
      .returning(["account", "organization", "userGroup", "kind", "deletedAt"])
      .executeTakeFirstOrThrow();
    if (machine.deletedAt === null) await chargeAbove(sql, machine, bytes);
  },
  async countAbove(id, sign) {
    const machine = await sql.selectFrom("machines").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
    await chargeAbove(sql, machine, sign * machine.usedBytes);
  },
  async move(id, to) {
    const { account, organization, userGroup, kind, usedBytes } = await sql
      .selectFrom("machines")
      .selectAll()
      .where("id", "=", id)
      .executeTakeFirstOrThrow();
    await chargeAbove(sql, { account, organization, userGroup, kind }, -usedBytes);
    await chargeAbove(sql, { ...to, organization, kind }, usedBytes);
    await sql.updateTable("reservations").set(to).where("machine", "=", id).execute();
  },
  listReservations: () => sql.selectFrom("reservations").selectAll().execute(),
});

async function chargeAbove(
  sql: Sql,
  { account, organization, userGroup, kind }: Pick<MachineRow, "account" | "organization" | "userGroup" | "kind">,
  bytes: number,
): Promise<void> {
  await sql
    .updateTable("accounts")
    .set((eb) => ({ usedBytes: eb("usedBytes", "+", bytes) }))
    .where("id", "=", account)
    .execute();
  await addUsed(sql, [userGroup, organization], ["all", kind], bytes);
}

const level = (name: QuotaLevel["level"], room: Room, promised: readonly { bytes: number }[]): QuotaLevel => ({
  level: name,
  limitBytes: room.limitBytes,
  overageBytes: room.overageBytes,
  usedBytes: room.usedBytes,
  heldBytes: promised.reduce((sum, { bytes }) => sum + bytes, room.usedBytes),
});

/** What other groups have been Assigned and don't use yet: it is taken out of the organization's pool. */
async function takenByOthers(
  sql: Sql,
  { organization, counted, userGroup }: { organization: string; counted: PoolRow["kind"]; userGroup: string },
  promises: readonly { userGroup: string; bytes: number }[],
): Promise<number> {
  const pools = await sql
    .selectFrom("pools")
    .select(["holder", "limitBytes", "usedBytes"])
    .where("organization", "=", organization)
    .where("kind", "=", counted)
    .where("mode", "=", "assigned")
    .where("holder", "!=", userGroup)
    .execute();
  return pools.reduce((taken, { holder, limitBytes, usedBytes }) => {
    const promised = promises.filter((each) => each.userGroup === holder);
    const held = promised.reduce((sum, { bytes }) => sum + bytes, usedBytes);
    return taken + Math.max(0, (limitBytes ?? 0) - held);
  }, 0);
}

/** Of a group: what its mode makes of the limit. */
function roomOf({ mode, limitBytes, overageBytes, usedBytes }: PoolRow): Room {
  switch (mode) {
    case "shared":
      return { limitBytes: null, overageBytes, usedBytes };
    case "none":
      return { limitBytes: 0, overageBytes: 0, usedBytes };
    case "limited":
    case "assigned":
      return { limitBytes, overageBytes, usedBytes };
  }
}
