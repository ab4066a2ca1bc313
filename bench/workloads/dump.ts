/** One dump of a database as text: a row a line. */
import { closeSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { insertLines } from "./change-log.ts";
import { GIB, MIB, text } from "./content.ts";
import { distinct, seededRandom } from "./seeded-random.ts";
import { BLOCK_BYTES, blocksOf } from "./tree-changes.ts";
import type { Workload } from "./workload.ts";
import { setTime, settleTimes } from "./write-tree.ts";

const PLACES = 100;
const INSERTED_BYTES = 1000;

export const dump: Workload = {
  name: "dump",
  about: "one SQL dump of 1 GiB, an INSERT a line",
  percent: "1,000 new bytes at each of 100 places; everything behind them shifts",
  generate: (folder, { seed, scale }) => {
    const file = join(folder, "dump.sql");
    const handle = openSync(file, "wx", 0o600);
    try {
      const size = Math.max(MIB, Math.round(GIB * scale));
      for (let at = 0; at < size; at += 4 * MIB)
        writeSync(handle, text(seededRandom(seed, "dump", at), "sql", Math.min(4 * MIB, size - at)));
    } finally {
      closeSync(handle);
    }
    setTime(file, 0);
    settleTimes(folder);
  },
  changeTen: ({ random, changes, files: [file] }) => {
    if (!file) return;
    const bytes = text(random, "sql", BLOCK_BYTES);
    changes.patch(
      file.path,
      distinct(random, 10, blocksOf(file)).map((block) => ({ offset: block * BLOCK_BYTES, bytes })),
    );
  },
  changePercent: ({ random, changes, files: [file] }) => {
    if (!file) return;
    const spots = distinct(random, PLACES, file.size);
    changes.replace(file.path, (old, fresh) =>
      insertLines(old, fresh, spots, () => text(random, "sql", INSERTED_BYTES)),
    );
  },
};
