/** One image of a virtual machine's disk: holes, and zones of everything. */
import { closeSync, ftruncateSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { type ContentKind, content, GIB, MIB } from "./content.ts";
import { distinct, seededRandom } from "./seeded-random.ts";
import { BLOCK_BYTES, blocksOf, changeBlocks } from "./tree-changes.ts";
import type { Plan, Tree, Workload } from "./workload.ts";
import { setTime, settleTimes } from "./write-tree.ts";

export const ZONE_BYTES = 4 * MIB;

export type Zone = Exclude<ContentKind, "sql"> | "hole" | "zero";
const ZONES: Readonly<Record<Zone, number>> = { hole: 40, prose: 8, code: 10, json: 10, half: 12, random: 17, zero: 3 };

export const image: Workload = {
  name: "image",
  about: "one file of 4 GiB: 40 % holes, zones of 4 MiB of text, half compressible, random and zeros",
  percent: "1 % of the 4 KiB blocks, anywhere",
  generate: (folder, plan) => {
    const file = join(folder, "disk.img");
    const handle = openSync(file, "wx", 0o600);
    try {
      const zones = planZones(plan);
      for (const [at, zone] of zones.entries())
        if (zone !== "hole") writeSync(handle, zoneContent(plan, at, zone), 0, ZONE_BYTES, at * ZONE_BYTES);
      ftruncateSync(handle, zones.length * ZONE_BYTES);
    } finally {
      closeSync(handle);
    }
    setTime(file, 0);
    settleTimes(folder);
  },
  changeTen: (tree) => changeSome(tree, 10),
  changePercent: (tree) => changeSome(tree, Math.ceil((tree.files[0]?.allocated ?? 0) / BLOCK_BYTES / 100)),
};

export function planZones({ seed, scale }: Plan): Zone[] {
  const random = seededRandom(seed, "image");
  const count = Math.max(8, Math.round((4 * GIB * scale) / ZONE_BYTES));
  return Array.from({ length: count }, () => random.weighted(ZONES));
}

const zoneContent = ({ seed }: Plan, at: number, zone: Exclude<Zone, "hole">): Buffer =>
  zone === "zero" ? Buffer.alloc(ZONE_BYTES) : content(seededRandom(seed, "zone", at), zone, ZONE_BYTES);

/** Also in holes: that is where a disk that fills up is written. */
function changeSome(tree: Tree, count: number): void {
  const [disk] = tree.files;
  if (disk) changeBlocks(tree, disk, distinct(tree.random, count, blocksOf(disk)));
}
