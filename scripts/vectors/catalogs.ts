/** Vectors for whole catalogs: where pages end, and what their ids are (format §6.2). Entries are folders that a rule describes. */
import { makeChunkNamer } from "../../agent/chunk/chunk-id.ts";
import { makeCutHash } from "../../agent/chunk/cut-hash.ts";
import type { Entry } from "../../agent/model/entry.ts";
import { CatalogBuilder } from "../../agent/vault/catalog-builder.ts";
import { CHUNK_TYPES } from "../../protocol/pack-format.ts";
import { hex, KEYS } from "./fixed.ts";

/** Entry `index` is the folder `prefix ‖ index in 7 decimal digits`, `index` seconds old. */
export const ruledEntry = (prefix: string, index: number): Entry => ({
  path: Buffer.from(`${prefix}${String(index).padStart(7, "0")}`),
  type: "folder",
  mode: 0o755,
  owner: { uid: 0, gid: 0, user: "root", group: "root" },
  mtimeSeconds: index,
  mtimeNanoseconds: 0,
  attributes: [],
});

export function catalogs() {
  const cases = [
    { name: "nothing", prefix: "", count: 0 },
    { name: "one leaf", prefix: "a/", count: 10 },
    { name: "leaves that end by their paths", prefix: "b/", count: 12_000 },
    { name: "two leaves of long paths", prefix: `${"long name ".repeat(20)}/`, count: 300 },
  ];
  return {
    idKey: hex(KEYS.idKey),
    splitKey: hex(KEYS.splitKey),
    good: cases.map((each) => ({ ...each, ...buildCatalog(each.prefix, each.count) })),
  };
}

export function buildCatalog(prefix: string, count: number) {
  const nameChunk = makeChunkNamer(KEYS.idKey);
  const leaves: number[] = [];
  let parents = 0;
  const putPage = ({ plain, marks }: { plain: Buffer; marks: readonly Uint8Array[] | undefined }) => {
    if (marks) leaves.push(marks.length);
    else parents++;
    return nameChunk(CHUNK_TYPES.page, plain);
  };
  const builder = new CatalogBuilder({ putPage, keepPage: () => undefined }, makeCutHash(KEYS.splitKey));
  for (let index = 0; index < count; index++) builder.add(ruledEntry(prefix, index), Buffer.alloc(16));
  const { root } = builder.finish();
  return { leaves, parents, root: hex(root) };
}
