/** Which chunks the service holds for a vault: 32 bytes each, in pages. Nothing that was listed is removed while the session is open. */
import { HoldfastError } from "../../../protocol/errors.ts";
import { CHUNK_IDS_PAGE } from "../../../protocol/limits.ts";
import type { AgentCaller } from "../access/callers.ts";
import type { Domain } from "../domain.ts";
import { getOpenSession, renewLease } from "./sessions.ts";

export interface ChunkIdsPage {
  readonly ids: Buffer;
  /** The `after` of the next page; undefined on the last. */
  readonly next: string | undefined;
}

export async function listChunkIds(
  domain: Domain,
  caller: AgentCaller,
  asked: { session: string; scope: "staged" | "all"; after?: string | undefined },
): Promise<ChunkIdsPage> {
  const { records } = domain;
  const session = await getOpenSession(domain, records, caller, { session: asked.session });
  await renewLease(domain, records, session);
  const after = parseAfter(asked.after);
  if (asked.scope === "staged") return await listStaged(domain, caller.vault.number, after);
  const ids = await records.chunks.listIds(caller.vault.number, after.id, CHUNK_IDS_PAGE);
  return { ids: Buffer.concat(ids), next: ids.length < CHUNK_IDS_PAGE ? undefined : cursor(0, ids) };
}

/** Pack by pack; a chunk that lies in two staged packs is named twice. */
async function listStaged({ records }: Domain, vault: number, after: After): Promise<ChunkIdsPage> {
  const packs = await records.packs.listStaged({ vault });
  const pages: Uint8Array[] = [];
  for (const { number } of packs) {
    if (number < after.pack) continue;
    const from = number === after.pack ? after.id : NOTHING;
    const ids = await records.chunks.listIdsOfPack(number, from, CHUNK_IDS_PAGE - pages.length);
    pages.push(...ids);
    if (pages.length >= CHUNK_IDS_PAGE) return { ids: Buffer.concat(pages), next: cursor(number, ids) };
  }
  return { ids: Buffer.concat(pages), next: undefined };
}

interface After {
  readonly pack: number;
  readonly id: Buffer;
}

const NOTHING = Buffer.alloc(0);

const cursor = (pack: number, ids: readonly Uint8Array[]): string =>
  `${pack}-${Buffer.from(ids.at(-1) ?? NOTHING).toString("hex")}`;

function parseAfter(text: string | undefined): After {
  if (text === undefined) return { pack: 0, id: NOTHING };
  const [, pack, id] = /^(\d{1,15})-([0-9a-f]{64})$/.exec(text) ?? [];
  if (pack === undefined || id === undefined)
    throw new HoldfastError("request/malformed", { reason: "after: not one of ours", field: "after" });
  return { pack: Number(pack), id: Buffer.from(id, "hex") };
}
