/** The tables as kysely sees them. Nothing here or in the stores beside it is SQLite's own. */
import type { ColumnType, Kysely } from "kysely";
import type * as rows from "../rows.ts";

type Numbered<Row, Key extends keyof Row> = Omit<Row, Key> & {
  [Name in Key]: ColumnType<number, never, never>;
};

export interface Database {
  organizations: rows.OrganizationRow;
  accounts: rows.AccountRow;
  tokens: rows.TokenRow;
  productKeys: rows.ProductKeyRow;
  machines: rows.MachineRow;
  vaults: Numbered<rows.VaultRow, "number">;
  sessions: rows.SessionRow;
  packs: Numbered<rows.PackRow, "number">;
  chunks: rows.ChunkRow;
  chunkLinks: rows.LinksRow;
  snapshots: rows.SnapshotRow;
  backups: rows.BackupRow;
  restores: rows.RestoreRow;
  audit: Numbered<rows.AuditRow, "id">;
  reservations: rows.ReservationRow;
}

/** A connection, or a transaction on one. */
export type Sql = Kysely<Database>;
