/** The tables as kysely sees them. Nothing here or in the stores beside it is SQLite's own. */
import type { ColumnType, Kysely } from "kysely";
import type { AgentStateRow } from "../agent-states.ts";
import type { RecoveryCertificateRow } from "../certificates.ts";
import type { ChainLinkRow, ChainRow } from "../chain-rows.ts";
import type { FactRow, JobTurnRow, NodeRow } from "../cluster-rows.ts";
import type { NoticeTables } from "../notice-rows.ts";
import type { PolicyReceiptRow, PolicyRow, ReplacementRow } from "../policy-rows.ts";
import type { RememberedCallRow } from "../remembered-call-rows.ts";
import type { WebRestoreRow } from "../restores.ts";
import type * as rows from "../rows.ts";
import type { AttemptRow } from "../security-rows.ts";
import type * as space from "../space-rows.ts";
import type { ResetRequestRow } from "../tree.ts";
import type { UsageDayRow } from "../usage.ts";
import type { GroupListKeys, MachineListKeys, UserListKeys } from "./list-keys.ts";

type Numbered<Row, Key extends keyof Row> = Omit<Row, Key> & {
  [Name in Key]: ColumnType<number, never, never>;
};

export interface Database extends NoticeTables {
  organizations: rows.OrganizationRow;
  userGroups: rows.GroupRow & GroupListKeys;
  pools: rows.PoolRow;
  roles: rows.RoleRow;
  links: rows.LinkRow;
  accounts: rows.AccountRow & UserListKeys;
  tokens: rows.TokenRow;
  productKeys: rows.ProductKeyRow;
  machines: rows.MachineRow & MachineListKeys;
  vaults: Numbered<rows.VaultRow, "number">;
  recoveryCertificates: RecoveryCertificateRow;
  sessions: rows.SessionRow;
  packs: Numbered<rows.PackRow, "number">;
  chunks: rows.ChunkRow;
  chunkLinks: rows.LinksRow;
  snapshots: rows.SnapshotRow;
  backups: rows.BackupRow;
  restores: rows.RestoreRow;
  webRestores: WebRestoreRow;
  audit: Numbered<rows.AuditRow, "id">;
  resetRequests: ResetRequestRow;
  reservations: rows.ReservationRow;
  nodes: NodeRow;
  facts: FactRow;
  jobTurns: JobTurnRow;
  chains: ChainRow;
  chainLinks: ChainLinkRow;
  rememberedCalls: RememberedCallRow;
  spaces: space.SpaceRow;
  retentionRules: space.RetentionRow;
  pins: space.PinRow;
  holds: space.HoldRow;
  damages: space.DamageRow;
  jobRuns: space.JobRunRow;
  attempts: AttemptRow;
  policies: PolicyRow;
  policyReceipts: PolicyReceiptRow;
  replacements: ReplacementRow;
  usageDays: UsageDayRow;
  agentStates: AgentStateRow;
}

/** A connection, or a transaction on one. */
export type Sql = Kysely<Database>;
