/** An archive on its way: counted, downloaded as often as wanted, and what its row says meanwhile. */
import { HoldfastError } from "../../../protocol/errors.ts";
import { PROBLEMS_MAX } from "../../../protocol/limits.ts";
import type { Problem } from "../../../protocol/messages/sessions.ts";
import type { RestoreStatus } from "../../../protocol/restore-status.ts";
import type { RecordStores } from "../../records/records.ts";
import { isUnended } from "../../records/restores.ts";
import type { RestoreRow } from "../../records/rows.ts";
import { authenticateDownload } from "../access/tokens.ts";
import { eventOf } from "../backup/restores.ts";
import type { Domain } from "../domain.ts";
import { emit } from "../events/emit.ts";
import { audit } from "../records/audit.ts";
import { chainRestore } from "../records/record-chain.ts";
import { isLinked, problemsOf } from "./archives.ts";
import { checkOpenable, type OpenedRestore } from "./web-sessions.ts";
import { type ArchiveWish, archiveWishOf } from "./wishes.ts";

/** Whoever counts says so more often; silent for longer, it is gone. */
export const HEARD_MS = 30_000;

export interface ArchiveTotals {
  readonly files: number;
  readonly bytes: number;
}

export interface Retrieved {
  readonly files: number;
  readonly bytes: number;
  readonly problems: readonly Problem[];
  readonly problemCount: number;
}

/** What to count, for whoever is the first to ask since the last one went silent; else undefined. */
export async function takeCounting(
  domain: Domain,
  id: string,
  { isNew }: { isNew: boolean },
): Promise<{ opened: OpenedRestore; wish: ArchiveWish } | undefined> {
  const now = domain.clock.now();
  const web = await domain.records.transaction(async (stores) => {
    const row = await stores.webRestores.find(id);
    const restore = await stores.restores.find(id);
    const isLeft = row !== undefined && (isNew || row.heardAt + HEARD_MS <= now);
    if (restore?.status !== "running" || !isLeft) return undefined;
    await stores.webRestores.change(id, { heardAt: now });
    return row;
  });
  const restore = web === undefined ? undefined : await domain.records.restores.find(id);
  const machine = restore === undefined ? undefined : await domain.records.machines.find(restore.machine);
  const vault = machine === undefined ? undefined : await domain.records.vaults.findByMachine(machine.id);
  if (web === undefined || restore === undefined || machine === undefined || vault === undefined) return undefined;
  return { opened: { restore, machine, vault }, wish: archiveWishOf(domain, web) };
}

/** Still at it. Answers whether anybody still wants it. */
export async function tellCounting(domain: Domain, id: string): Promise<boolean> {
  await domain.records.webRestores.change(id, { heardAt: domain.clock.now() });
  return (await domain.records.restores.find(id))?.status === "running";
}

export async function archiveReady(
  domain: Domain,
  id: string,
  totals: ArchiveTotals,
  problems: Pick<Retrieved, "problems" | "problemCount">,
): Promise<void> {
  await domain.records.transaction(async (stores) => {
    const row = await stores.restores.find(id);
    if (row?.status !== "running") return;
    const finishedAt = domain.clock.now();
    await stores.restores.change(id, { status: "ready", finishedAt, filesRequested: totals.files });
    await stores.webRestores.change(id, { bytesRequested: totals.bytes, ...problemColumns(problems) });
  });
}

export const archiveFailed = (domain: Domain, id: string, code: string): Promise<void> =>
  domain.records.transaction(async (stores) => {
    const row = await stores.restores.find(id);
    if (row?.status === "running") await end(domain, stores, row, { status: "failed", code });
  });

/** Throws `restore/link-ended`, `restore/not-ready`, and why whoever asked for it may not any more. */
export async function beginDownload(
  domain: Domain,
  link: string,
  address: string,
): Promise<{ opened: OpenedRestore; wish: ArchiveWish; known: Problem[] }> {
  const opened = await checkLink(domain, link);
  const { restore, machine } = opened;
  if (restore.status === "running") throw new HoldfastError("restore/not-ready");
  const web = await domain.records.webRestores.find(restore.id);
  if (web === undefined) throw new HoldfastError("restore/link-ended");
  const downloads = web.downloads + 1;
  await domain.records.transaction(async (stores) => {
    await stores.webRestores.change(restore.id, { downloads });
    const act = { actor: restore.requestedBy, address, organization: machine.organization, account: machine.account };
    const detail = `by link, ${downloads === 1 ? "the first time" : `time ${downloads}`}`;
    await audit(domain, stores, { ...act, action: "restores/download", subject: machine.name, detail });
  });
  return { opened, wish: archiveWishOf(domain, web), known: problemsOf(web) };
}

/** As long as a download goes on, too: a right that ends breaks it off. */
export async function checkLink(domain: Domain, link: string): Promise<OpenedRestore> {
  const opened = await authenticateDownload(domain, link);
  if (!isLinked(opened.restore, domain.clock.now())) throw new HoldfastError("restore/link-ended");
  checkOpenable(opened.machine, opened.vault);
  return opened;
}

/** Until it was downloaded once the row follows; after that it stays as it was told. */
export async function tellRetrieved(domain: Domain, id: string, { files, bytes }: ArchiveTotals): Promise<void> {
  const row = await domain.records.restores.find(id);
  if (row?.status === "ready") await domain.records.restores.change(id, { filesRetrieved: files, bytes });
}

/** The whole archive has been handed on. */
export async function downloadDone(domain: Domain, id: string, retrieved: Retrieved): Promise<void> {
  await domain.records.transaction(async (stores) => {
    const row = await stores.restores.find(id);
    if (row?.status !== "ready") return;
    const { files, bytes, problems, problemCount } = retrieved;
    const [first] = problems;
    const status = problemCount === 0 ? "completed" : "incomplete";
    await stores.webRestores.change(id, problemColumns(retrieved));
    await end(domain, stores, { ...row, filesRetrieved: files, bytes }, { status, code: first?.code ?? null });
  });
}

/** What was found damaged in the middle of a file is left out the next time. */
export async function downloadBroke(
  domain: Domain,
  id: string,
  { problems, problemCount }: Pick<Retrieved, "problems" | "problemCount">,
): Promise<void> {
  await domain.records.webRestores.change(id, problemColumns({ problems, problemCount }));
}

const problemColumns = ({ problems, problemCount }: Pick<Retrieved, "problems" | "problemCount">) => ({
  problems: JSON.stringify(problems.slice(0, PROBLEMS_MAX)),
  problemCount,
});

async function end(
  domain: Domain,
  stores: RecordStores,
  row: RestoreRow,
  { status, code }: { status: RestoreStatus; code: string | null },
): Promise<void> {
  if (!isUnended(row)) return;
  const { id, filesRetrieved, bytes } = row;
  const finishedAt = row.finishedAt ?? domain.clock.now();
  await stores.restores.change(id, { status, code, finishedAt, filesRetrieved, bytes });
  await chainRestore(domain, stores, id);
  const machine = await stores.machines.findEvenDeleted(row.machine);
  if (machine === undefined) return;
  const told = { restore: id, by: row.requestedBy, status, filesRetrieved, bytes };
  await emit(domain, stores, { ...eventOf(machine), kind: "restore.finished", detail: told });
}
