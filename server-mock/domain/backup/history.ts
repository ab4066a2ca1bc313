/** The lists of what happened to a machine. */
import type { BackupView, RestoreView, SnapshotView } from "../../../protocol/messages/records.ts";
import type { Domain } from "../domain.ts";
import { type ListQuery, numberedPageOf, type Page, pageOf } from "../pages.ts";
import { viewBackup, viewRestore, viewSnapshot } from "../views.ts";

export const listSnapshots = (
  { records }: Domain,
  vault: number,
  query: ListQuery & { state?: "kept" | "all" },
): Promise<Page<SnapshotView>> =>
  numberedPageOf(
    query,
    (page) => records.snapshots.list(vault, page, query.state),
    (row) => row.sequence,
    viewSnapshot,
  );

export const listBackups = ({ records }: Domain, machine: string, query: ListQuery): Promise<Page<BackupView>> =>
  pageOf(query, (page) => records.backups.list(machine, page), viewBackup);

export const listRestores = ({ records }: Domain, machine: string, query: ListQuery): Promise<Page<RestoreView>> =>
  pageOf(query, (page) => records.restores.list(machine, page), viewRestore);
