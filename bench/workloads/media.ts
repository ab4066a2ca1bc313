/** Nothing to compress, nothing equal. */
import { closeSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { MIB } from "./content.ts";
import { distinct, seededRandom } from "./seeded-random.ts";
import { blocksOf, changeBlocks } from "./tree-changes.ts";
import type { Workload } from "./workload.ts";
import { setTime, settleTimes } from "./write-tree.ts";

const FILES = 8;

export const media: Workload = {
  name: "media",
  about: "8 files of noise, 2 GiB together",
  percent: "0.1 % of the 4 KiB blocks of all files but one",
  generate: (folder, { seed, scale }) => {
    for (let at = 0; at < FILES; at++) {
      const file = join(folder, `media-${at}.bin`);
      const random = seededRandom(seed, "media", at);
      const handle = openSync(file, "wx", 0o644);
      try {
        for (let left = Math.max(MIB, Math.round(256 * MIB * scale)); left > 0; left -= MIB)
          writeSync(handle, random.bytes(Math.min(MIB, left)));
      } finally {
        closeSync(handle);
      }
      setTime(file, at);
    }
    settleTimes(folder);
  },
  changeTen: (tree) => {
    const [first] = tree.files.filter(({ path }) => path !== tree.one);
    if (first) changeBlocks(tree, first, distinct(tree.random, 10, blocksOf(first)));
  },
  changePercent: (tree) => {
    for (const file of tree.files)
      if (file.path !== tree.one)
        changeBlocks(tree, file, distinct(tree.random, Math.ceil(blocksOf(file) / 1000), blocksOf(file)));
  },
};
