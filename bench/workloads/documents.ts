/** Mixed documents, as on a laptop. */
import { type ContentKind, EXTENSIONS, GIB } from "./content.ts";
import { seededRandom } from "./seeded-random.ts";
import { changePercentOfFiles, changeTenFiles } from "./tree-changes.ts";
import type { Plan, Workload } from "./workload.ts";
import { type PlannedFile, writeTree } from "./write-tree.ts";

const KINDS: Readonly<Record<Exclude<ContentKind, "sql">, number>> = {
  prose: 18,
  code: 14,
  json: 18,
  half: 20,
  random: 30,
};
const DUPLICATES = 0.1;

export const documents: Workload = {
  name: "documents",
  about:
    "12,000 files, 2 GiB, log-normal sizes; half text, code and JSON, 20 % half compressible, 30 % random; 10 % duplicates",
  percent: "1 % of the files",
  generate: (folder, plan) => writeTree(folder, plan.seed, planDocuments(plan)),
  changeTen: changeTenFiles,
  changePercent: changePercentOfFiles,
};

export function planDocuments({ seed, scale }: Plan): PlannedFile[] {
  const random = seededRandom(seed, "documents");
  const count = Math.max(50, Math.round(12_000 * scale));
  // Capped, so that the largest file of a large tree does not decide how much the tree holds.
  const shares = Array.from({ length: count }, () => Math.min(2000, Math.exp(2 * random.normal())));
  const perShare = (2 * GIB * scale) / shares.reduce((sum, share) => sum + share, 0);
  const files: PlannedFile[] = [];
  for (const [at, share] of shares.entries()) {
    const kind = random.weighted(KINDS);
    const fresh = { kind, key: at, size: Math.max(64, Math.round(share * perShare)) };
    const twin = at > 20 && random.number() < DUPLICATES ? files[random.integer(0, at - 1)] : undefined;
    const like = twin ?? fresh;
    const folder = `d${at % 23}/s${Math.floor(at / 23) % 13}${at % 3 === 0 ? `/x${at % 7}` : ""}`;
    files.push({ ...like, path: `${folder}/document-${at}.${EXTENSIONS[like.kind]}` });
  }
  return files;
}
