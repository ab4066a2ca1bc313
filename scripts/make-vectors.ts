/**
 * Writes test/vectors/*.json: node scripts/make-vectors.ts. The same run gives the same files. Only for new vectors: those that are there
 * never change their meaning (format §10), so look at the difference before you commit it.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { catalogs } from "./vectors/catalogs.ts";
import { lists } from "./vectors/lists.ts";
import { packs } from "./vectors/packs.ts";
import { pages } from "./vectors/pages.ts";
import * as primitives from "./vectors/primitives.ts";
import { receipts, records } from "./vectors/records.ts";
import { sealed } from "./vectors/sealed.ts";
import { storage } from "./vectors/storage.ts";
import { updates } from "./vectors/updates.ts";

const file = (name: string): URL => new URL(`../test/vectors/${name}.json`, import.meta.url);

function write(name: string, vectors: unknown): void {
  writeFileSync(file(name), `${JSON.stringify(vectors, null, 1)}\n`);
}

function before(name: string): primitives.WrapsBefore | undefined {
  try {
    return JSON.parse(readFileSync(file(name), "utf8"));
  } catch {
    return undefined;
  }
}

write("numbers", primitives.numbers());
write("keys", await primitives.keys());
write("wraps", await primitives.wraps(before("wraps")));
write("kits", primitives.kits());
write("chunk-ids", primitives.chunkIds());
write("cut-hash", primitives.cutHashes());
write("padme", primitives.padme());
write("splitter", primitives.splitter());
write("sealed-chunks", await sealed());
write("packs", await packs());
write("pages", pages());
write("catalogs", catalogs());
write("lists", lists());
write("snapshot-records", await records());
write("receipts", receipts());
write("storage", storage());
write("updates", updates());
