/** Used and promised bytes on the three levels of the quota tree. */
import { bug } from "../../../protocol/errors.ts";
import type { Quota, QuotaLevel } from "../records.ts";
import type { Sql } from "./database.ts";

export const sqlQuota = (sql: Sql): Quota => ({
  async levels(id) {
    const machine = await sql.selectFrom("machines").selectAll().where("id", "=", id).executeTakeFirst();
    if (machine === undefined) return bug("a quota was asked of a machine that does not exist");
    const [account, organization, reserved] = [
      await sql.selectFrom("accounts").selectAll().where("id", "=", machine.account).executeTakeFirstOrThrow(),
      await sql
        .selectFrom("organizations")
        .selectAll()
        .where("id", "=", machine.organization)
        .executeTakeFirstOrThrow(),
      // A handful of uploads in flight, so they are summed here rather than three times there.
      await sql
        .selectFrom("reservations")
        .select(["machine", "account", "bytes"])
        .where("organization", "=", machine.organization)
        .execute(),
    ];
    const level = (
      name: QuotaLevel["level"],
      row: { limitBytes: number | null; usedBytes: number },
      promised: readonly { bytes: number }[],
    ): QuotaLevel => ({
      level: name,
      limitBytes: row.limitBytes,
      usedBytes: row.usedBytes,
      heldBytes: promised.reduce((sum, { bytes }) => sum + bytes, row.usedBytes),
    });
    return [
      level(
        "machine",
        machine,
        reserved.filter((row) => row.machine === id),
      ),
      level(
        "user",
        account,
        reserved.filter((row) => row.account === account.id),
      ),
      level("organization", organization, reserved),
    ];
  },
  async reserve(row) {
    await sql.insertInto("reservations").values(row).execute();
  },
  async release(id) {
    await sql.deleteFrom("reservations").where("id", "=", id).execute();
  },
  async charge(id, bytes) {
    const { account, organization } = await sql
      .updateTable("machines")
      .set((eb) => ({ usedBytes: eb("usedBytes", "+", bytes) }))
      .where("id", "=", id)
      .returning(["account", "organization"])
      .executeTakeFirstOrThrow();
    await sql
      .updateTable("accounts")
      .set((eb) => ({ usedBytes: eb("usedBytes", "+", bytes) }))
      .where("id", "=", account)
      .execute();
    await sql
      .updateTable("organizations")
      .set((eb) => ({ usedBytes: eb("usedBytes", "+", bytes) }))
      .where("id", "=", organization)
      .execute();
  },
  listReservations: () => sql.selectFrom("reservations").selectAll().execute(),
});
