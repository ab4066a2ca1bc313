import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Files below `folder`, each with its own path as content, and the folders above them. */
export function fill(folder: string, files: readonly string[]): void {
  for (const file of files) {
    mkdirSync(join(folder, file, ".."), { recursive: true });
    writeFileSync(join(folder, file), file);
  }
}
