/** One image of a virtual machine's disk: holes, and zones of everything. */
import { closeSync, ftruncateSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { type ContentKind, content, GIB, MIB } from "./content.ts";
import { distinct, seededRandom } from "./seeded-random.ts";
import { BLOCK_BYTES, changeBlocks } from "./tree-changes.ts";
import type { Plan, Tree, Workload } from "./workload.ts";
import { setTime, settleTimes } from "./write-tree.ts";

export const ZONE_BYTES = 4 * MIB;
const ZONE_BLOCKS = ZONE_BYTES / BLOCK_BYTES;

export type Zone = Exclude<ContentKind, "sql"> | "hole" | "zero";
const ZONES: Readonly<Record<Zone, number>> = { hole: 40, prose: 8, code: 10, json: 10, half: 12, random: 17, zero: 3 };

export const image: Workload = {
  name: "image",
  about: "one file of 4 GiB: 40 % holes, zones of 4 MiB of text, half compressible, random and zeros",
  percent: "1 % of all its 4 KiB blocks, at random where it holds data",
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
  changePercent: (tree) => changeSome(tree, Math.ceil((tree.files[0]?.size ?? 0) / BLOCK_BYTES / 100)),
};

export function planZones({ seed, scale }: Plan): Zone[] {
  const random = seededRandom(seed, "image");
  const count = Math.max(8, Math.round((4 * GIB * scale) / ZONE_BYTES));
  return Array.from({ length: count }, () => random.weighted(ZONES));
}

const zoneContent = ({ seed }: Plan, at: number, zone: Exclude<Zone, "hole">): Buffer =>
  zone === "zero" ? Buffer.alloc(ZONE_BYTES) : content(seededRandom(seed, "zone", at), zone, ZONE_BYTES);

/** Not in holes and zeros: what changes there is small whatever a tool does. */
function changeSome(tree: Tree, count: number): void {
  const [disk] = tree.files;
  const zones = planZones(tree.plan).flatMap((zone, at) => (zone === "hole" || zone === "zero" ? [] : at));
  const places = distinct(tree.random, count, zones.length * ZONE_BLOCKS);
  const blocks = places.map((place) => {
    const zone = zones[Math.floor(place / ZONE_BLOCKS)] ?? 0;
    return zone * ZONE_BLOCKS + (place % ZONE_BLOCKS);
  });
  if (disk) changeBlocks(tree, disk, blocks);
}
