/** Any number of files that hold little: what is dear about them is their number. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "./content.ts";
import { seededRandom } from "./seeded-random.ts";
import { changePercentOfFiles, changeTenFiles } from "./tree-changes.ts";
import type { Workload } from "./workload.ts";
import { setTime, settleTimes } from "./write-tree.ts";

const FILES_PER_FOLDER = 100;
const SIZE_MIN = 300;
const SIZE_MAX = 900;

/** `scale` is left out of account: the number says it. */
export const manyFiles = (count: number): Workload => ({
  name: `${count.toLocaleString("en")} files`,
  about: `files of ${SIZE_MIN} to ${SIZE_MAX} bytes, ${FILES_PER_FOLDER} a folder`,
  percent: "1 % of the files",
  generate: (folder, { seed }) => {
    const random = seededRandom(seed, "many");
    const words = text(random, "json", 1 << 20);
    const folders: string[] = [];
    for (let at = 0; at < count; at++) {
      const below = `f${Math.floor(at / FILES_PER_FOLDER / 100)}/g${Math.floor(at / FILES_PER_FOLDER) % 100}`;
      if (at % FILES_PER_FOLDER === 0) {
        mkdirSync(join(folder, below), { recursive: true });
        folders.push(below);
      }
      const start = random.integer(0, words.length - SIZE_MAX);
      const content = words.subarray(start, start + random.integer(SIZE_MIN, SIZE_MAX));
      const file = join(folder, below, `note-${at}.json`);
      writeFileSync(file, content, { flag: "wx" });
      setTime(file, at);
    }
    settleTimes(folder, folders);
  },
  changeTen: changeTenFiles,
  changePercent: changePercentOfFiles,
});
