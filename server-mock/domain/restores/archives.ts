/**
 * Archives: rows of Restores whose files somebody downloads in one piece. Nothing is packed before somebody downloads, and nothing packed is kept: the row
 * says what is wanted, and when all of it has been counted its links work until they expire. Packing itself is `server-mock/web-restore/`.
 */
import { HoldfastError } from "../../../protocol/errors.ts";
import type { Problem } from "../../../protocol/messages/sessions.ts";
import { problem } from "../../../protocol/messages/sessions.ts";
import type {
  ArchiveCreated,
  ArchiveRequest,
  ArchiveView,
  DownloadLink,
} from "../../../protocol/messages/web-restore.ts";
import type { RecordStores } from "../../records/records.ts";
import { isUnended, type WebRestoreRow } from "../../records/restores.ts";
import type { MachineRow, RestoreRow } from "../../records/rows.ts";
import { actorOf } from "../access/access.ts";
import type { ConsoleCaller } from "../access/callers.ts";
import { giveToken } from "../access/tokens.ts";
import { checkMayRestore, eventOf, newRestore } from "../backup/restores.ts";
import type { Domain } from "../domain.ts";
import { emit } from "../events/emit.ts";
import { audit } from "../records/audit.ts";
import { chainRestore } from "../records/record-chain.ts";
import { instant, instantOrNull } from "../views.ts";
import { newWebRestore, type OpenedRestore, ownWebRestore } from "./web-sessions.ts";
import { archiveWishOf, sealWish } from "./wishes.ts";

/** So long its links work. */
const ARCHIVE_MS = 7 * 24 * 3600 * 1000;

/** Throws `snapshot/missing`. */
export async function createArchive(
  domain: Domain,
  caller: ConsoleCaller,
  { opened, request }: { opened: OpenedRestore; request: ArchiveRequest },
  address: string,
): Promise<ArchiveCreated> {
  const { machine, vault } = opened;
  for (const { snapshot } of request.parts)
    if ((await domain.records.snapshots.find(vault.number, snapshot))?.state !== "kept")
      throw new HoldfastError("snapshot/missing", { snapshot });
  const now = domain.clock.now();
  const fileName = fileNameOf(machine, now, request.format);
  const order = { source: "web", purpose: "archive" } as const;
  const by = caller.account.login;
  const restore = newRestore(domain, machine, { order, by, expiresAt: now + ARCHIVE_MS });
  const wish = sealWish(domain, restore.id, { ...request, fileName });
  const row = newWebRestore(domain, caller, { restore, kind: "archive", wish });
  const link = await domain.records.transaction(async (stores) => {
    await stores.restores.insert(restore);
    await stores.webRestores.insert(row);
    const paths = request.parts.reduce((sum, part) => sum + part.paths.length, 0);
    const snapshots = request.parts.map(({ snapshot }) => snapshot).join(", ");
    const act = { ...actorOf(caller, address), organization: machine.organization, account: machine.account };
    const detail = `${request.format} of ${paths} paths, snapshot ${snapshots}`;
    await audit(domain, stores, { ...act, action: "restores/archive", subject: machine.name, detail });
    const told = { restore: restore.id, by, source: "web", purpose: "archive" };
    await emit(domain, stores, { ...eventOf(machine), kind: "restore.requested", detail: told });
    return await giveLink(domain, stores, caller, restore);
  });
  return { ...viewArchive(domain, { machine, web: row, restore }), link };
}

/** Throws `restore/missing`. */
export async function findArchive(domain: Domain, caller: ConsoleCaller, id: string): Promise<ArchiveView> {
  const { web, restore } = await ownWebRestore(domain.records, caller, id, "archive");
  const machine = await domain.records.machines.findEvenDeleted(restore.machine);
  if (machine?.purgedAt !== null) throw new HoldfastError("restore/missing");
  return viewArchive(domain, { machine, web, restore });
}

/** Throws `restore/missing`, `restore/ended`, and what `checkMayRestore` throws. */
export async function linkArchive(
  domain: Domain,
  caller: ConsoleCaller,
  id: string,
  address: string,
): Promise<DownloadLink> {
  const { restore } = await ownWebRestore(domain.records, caller, id, "archive");
  const { machine } = await checkMayRestore(domain, caller, { machine: restore.machine, source: "web" });
  if (!isLinked(restore, domain.clock.now())) throw new HoldfastError("restore/ended");
  return await domain.records.transaction(async (stores) => {
    const act = { ...actorOf(caller, address), organization: machine.organization, account: machine.account };
    await audit(domain, stores, { ...act, action: "restores/link", subject: machine.name });
    return await giveLink(domain, stores, caller, restore);
  });
}

/** Throws `restore/missing`. Of one that was downloaded only the links end. */
export async function cancelArchive(domain: Domain, caller: ConsoleCaller, id: string, address: string): Promise<void> {
  const { restore } = await ownWebRestore(domain.records, caller, id, "archive");
  await domain.records.transaction(async (stores) => {
    await stores.tokens.removeOfRestore(restore);
    const machine = await stores.machines.findEvenDeleted(restore.machine);
    const row = await stores.restores.find(id);
    if (machine === undefined || row === undefined) return;
    const act = { ...actorOf(caller, address), organization: machine.organization, account: machine.account };
    await audit(domain, stores, { ...act, action: "restores/cancel", subject: machine.name });
    if (!isUnended(row)) return;
    await stores.restores.change(id, { status: "cancelled", finishedAt: domain.clock.now() });
    await chainRestore(domain, stores, id);
  });
}

/** Its links work until they expire, also after it was downloaded. */
export const isLinked = ({ status, expiresAt }: RestoreRow, now: number): boolean =>
  expiresAt > now && ["running", "ready", "completed", "incomplete"].includes(status);

async function giveLink(
  domain: Domain,
  stores: RecordStores,
  { account }: ConsoleCaller,
  { id, machine, expiresAt }: RestoreRow,
): Promise<DownloadLink> {
  const owner = { account: account.id, machine, restore: id };
  const token = await giveToken(domain, stores, { audience: "download", ...owner, expiresAt });
  return { path: `/v1/downloads/${token}`, expiresAt: instant(expiresAt) };
}

/** Letters that every system takes in names of files. */
function fileNameOf({ name }: MachineRow, now: number, format: string): string {
  const plain = name
    .replace(/[^\p{L}\p{N}._-]+/gu, "-")
    .replace(/^[.-]+|[.-]+$/g, "")
    .slice(0, 80);
  return `${plain || "restore"}-${instant(now).slice(0, 10)}.${format}`;
}

export const problemsOf = (web: Pick<WebRestoreRow, "problems">): Problem[] =>
  problem.array().parse(JSON.parse(web.problems));

function viewArchive(
  domain: Domain,
  { machine, web, restore }: { machine: MachineRow; web: WebRestoreRow; restore: RestoreRow },
): ArchiveView {
  const { format, fileName } = archiveWishOf(domain, web);
  return {
    id: restore.id,
    machine: machine.id,
    machineName: machine.name,
    format,
    fileName,
    status: restore.status,
    code: restore.code,
    requestedAt: instant(restore.requestedAt),
    finishedAt: instantOrNull(restore.finishedAt),
    expiresAt: instant(restore.expiresAt),
    filesRequested: restore.filesRequested,
    filesRetrieved: restore.filesRetrieved,
    bytes: restore.bytes,
    bytesRequested: web.bytesRequested,
    downloads: web.downloads,
    problems: problemsOf(web),
    problemCount: web.problemCount,
  };
}
