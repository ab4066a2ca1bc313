/** Very many small files, as in checkouts of source. */
import { type ContentKind, EXTENSIONS, KIB } from "./content.ts";
import { seededRandom } from "./seeded-random.ts";
import { changePercentOfFiles, changeTenFiles } from "./tree-changes.ts";
import type { Plan, Workload } from "./workload.ts";
import { type PlannedFile, writeTree } from "./write-tree.ts";

const KINDS: Readonly<Record<Exclude<ContentKind, "sql" | "half">, number>> = {
  code: 60,
  json: 20,
  prose: 15,
  random: 5,
};

export const smallFiles: Workload = {
  name: "small",
  about: "100,000 files of 1 to 8 KiB, a source tree in shape",
  percent: "1 % of the files",
  generate: (folder, plan) => writeTree(folder, plan.seed, planSmallFiles(plan)),
  changeTen: changeTenFiles,
  changePercent: changePercentOfFiles,
};

export function planSmallFiles({ seed, scale }: Plan): PlannedFile[] {
  const random = seededRandom(seed, "small");
  return Array.from({ length: Math.max(100, Math.round(100_000 * scale)) }, (_, key) => {
    const kind = random.weighted(KINDS);
    const folder = `package-${Math.floor(key / 2000)}/${key % 5 === 0 ? "lib" : "src"}/m${Math.floor(key / 100) % 20}`;
    return { path: `${folder}/file-${key}.${EXTENSIONS[kind]}`, size: random.integer(KIB, 8 * KIB), kind, key };
  });
}
