/** Store of hash chains. */
import type { ChainLinkRow, ChainRow } from "./chain-rows.ts";
import type { AuditRow, BackupRow, RestoreRow } from "./rows.ts";

export interface Chains {
  find(chain: string): Promise<ChainRow | undefined>;
  /** Adds the link and makes it the chain's head. */
  append(link: ChainLinkRow): Promise<void>;
  /** By name, behind `after`. */
  list(page: { limit: number; after?: string | undefined }): Promise<ChainRow[]>;
  /** By number, behind `after`. */
  listLinks(chain: string, page: { limit: number; after: number }): Promise<ChainLinkRow[]>;
  /** With its links. */
  remove(chain: string): Promise<void>;
  /** Rows that should have a link and have none, oldest first. */
  listUnchained(limit: number): Promise<{ backups: BackupRow[]; restores: RestoreRow[]; audit: AuditRow[] }>;
}
