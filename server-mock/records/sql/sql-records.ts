/** `Records` in SQL: the stores beside this file, on one connection whose transactions follow one another. */
import { Kysely, sql as raw } from "kysely";
import { type Random, systemRandom } from "../../../base/random.ts";
import { migrate, openSqlite } from "../../../base/sqlite.ts";
import type { RecordStores, Records } from "../records.ts";
import { sqlAccounts, sqlLinks, sqlOrganizations, sqlTokens } from "./accounts.ts";
import { sqlAgentStates } from "./agent-states.ts";
import { sqlRecoveryCertificates } from "./certificates.ts";
import { sqlChains } from "./chains.ts";
import { sqlCluster } from "./cluster.ts";
import type { Database, Sql } from "./database.ts";
import { fairTurns } from "./fair-turns.ts";
import { sqlFigures } from "./figures.ts";
import { sqlGroups, sqlPools, sqlRoles } from "./groups.ts";
import { sqlAudit, sqlBackups, sqlRestores, sqlSnapshots } from "./history.ts";
import { sqlLists } from "./lists.ts";
import { sqlMachines, sqlSessions, sqlVaults } from "./machines.ts";
import { MIGRATIONS } from "./migrations/migrations.ts";
import { noticeStores } from "./notices.ts";
import { sqlChunks, sqlPacks } from "./packs.ts";
import { policyStores } from "./policies.ts";
import { sqlProductKeys } from "./product-keys.ts";
import { sqlQuota } from "./quota.ts";
import { sqlReach } from "./reach.ts";
import { sqlRecordLists } from "./record-lists.ts";
import { sqlRememberedCalls } from "./remembered-calls.ts";
import { sqlWebRestores } from "./restores.ts";
import { sqlActivity, sqlAttempts } from "./security.ts";
import { sqlSpace } from "./space.ts";
import { sqliteDialect } from "./sqlite-dialect.ts";
import { sqlResetRequests, sqlTree } from "./tree.ts";
import { sqlUsage } from "./usage.ts";

/** Opens the database file, made and migrated as needed. A commit survives a power cut. */
export function sqliteRecords(path: string, random: Random = systemRandom): Records {
  const { sql, close } = openSqliteTables(path);
  return { ...sqlRecords(sql, newNode(random)), close };
}

/** The tables alone. */
export function openSqliteTables(path: string): { sql: Sql; close(): Promise<void> } {
  const db = openSqlite(path, { durability: "full" });
  migrate(db, MIGRATIONS);
  const sql: Sql = new Kysely<Database>({ dialect: sqliteDialect(db) });
  return {
    sql,
    async close() {
      await sql.destroy();
      if (db.isOpen) db.close(); // kysely closes only what it has used.
    },
  };
}

/** kysely lets one query or transaction at a time onto a connection that can't be shared, so transactions never mix. */
function sqlRecords(sql: Sql, node: string): Omit<Records, "close"> {
  const fairTurn = fairTurns();
  return {
    node,
    ...stores(sql, node),
    async transaction(work) {
      await fairTurn();
      return await sql.transaction().execute((transaction) => work(stores(transaction, node)));
    },
    async probe() {
      await raw`SELECT 1`.execute(sql);
    },
  };
}

/** Names sort by nothing: they only tell processes apart. */
export const newNode = (random: Random): string => random(8).toString("hex");

export const stores = (sql: Sql, node: string): RecordStores => ({
  organizations: sqlOrganizations(sql),
  groups: sqlGroups(sql),
  pools: sqlPools(sql),
  roles: sqlRoles(sql),
  accounts: sqlAccounts(sql),
  links: sqlLinks(sql),
  tokens: sqlTokens(sql),
  attempts: sqlAttempts(sql),
  activity: sqlActivity(sql),
  productKeys: sqlProductKeys(sql),
  machines: sqlMachines(sql),
  vaults: sqlVaults(sql),
  recoveryCertificates: sqlRecoveryCertificates(sql),
  sessions: sqlSessions(sql),
  packs: sqlPacks(sql),
  chunks: sqlChunks(sql),
  snapshots: sqlSnapshots(sql),
  backups: sqlBackups(sql),
  restores: sqlRestores(sql),
  webRestores: sqlWebRestores(sql),
  agentStates: sqlAgentStates(sql),
  audit: sqlAudit(sql),
  quota: sqlQuota(sql, node),
  lists: sqlLists(sql),
  tree: sqlTree(sql),
  resetRequests: sqlResetRequests(sql),
  cluster: sqlCluster(sql),
  chains: sqlChains(sql),
  recordLists: sqlRecordLists(sql),
  rememberedCalls: sqlRememberedCalls(sql),
  figures: sqlFigures(sql),
  usage: sqlUsage(sql),
  ...sqlSpace(sql),
  reach: sqlReach(sql),
  ...noticeStores(sql),
  ...policyStores(sql),
});
