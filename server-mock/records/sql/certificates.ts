/** Recovery certificates, in SQL. */
import type { RecoveryCertificates } from "../certificates.ts";
import type { Sql } from "./database.ts";

export const sqlRecoveryCertificates = (sql: Sql): RecoveryCertificates => ({
  async put(row) {
    const { organization, fingerprint, ...columns } = row;
    await sql
      .insertInto("recoveryCertificates")
      .values({ organization, fingerprint, ...columns })
      .onConflict((conflict) => conflict.columns(["organization", "fingerprint"]).doUpdateSet(columns))
      .execute();
  },
  find: (organization, fingerprint) =>
    sql
      .selectFrom("recoveryCertificates")
      .selectAll()
      .where("organization", "=", organization)
      .where("fingerprint", "=", fingerprint)
      .executeTakeFirst(),
  findAny: (fingerprint) =>
    sql
      .selectFrom("recoveryCertificates")
      .selectAll()
      .where("fingerprint", "=", fingerprint)
      .where("retiredAt", "is", null)
      .limit(1)
      .executeTakeFirst(),
  list: (organization) =>
    sql
      .selectFrom("recoveryCertificates")
      .selectAll()
      .where("organization", "=", organization)
      .orderBy("createdAt", "desc")
      .orderBy("fingerprint")
      .execute(),
});
