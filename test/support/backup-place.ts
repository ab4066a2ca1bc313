/** A folder to back up, a data folder and a service in memory, for tests of what a backup sends and keeps. */
import { lstatSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { BackupOptions, BackupReport } from "../../agent/backup/backup-options.ts";
import { type Clock, systemClock } from "../../base/clock.ts";
import { backUp } from "./engine.ts";
import { noise } from "./entries-to-store.ts";
import { MemoryService } from "./memory-service.ts";
import { readSnapshot, type SnapshotFile } from "./read-snapshot.ts";
import { tempFolder } from "./temp-folder.ts";

/** Fresh files count as old: marks trust only change times some seconds back. */
const clock: Clock = { ...systemClock, now: () => systemClock.now() + 60_000 };

/** Of all folders above the source: what else runs on the computer makes and removes things in them. */
export function outerTimes(): string {
  const times: bigint[] = [];
  for (let folder = tmpdir(); ; folder = dirname(folder)) {
    times.push(lstatSync(folder, { bigint: true }).ctimeNs);
    if (folder === dirname(folder)) return times.join();
  }
}

export class BackupPlace {
  readonly source = tempFolder();
  readonly data = join(tempFolder(), "data");
  service = new MemoryService();

  /** The folders above a root are in its catalog, and other tests work in the temporary folder at the same time. */
  #outerBefore: string | undefined;

  /** Whether the folders above the source are as they were before the first run. */
  get isOuterSame(): boolean {
    return this.#outerBefore === outerTimes();
  }

  async run(more: Partial<BackupOptions> = {}): Promise<BackupReport> {
    this.#outerBefore ??= outerTimes();
    return await backUp(this.service, this.source, this.data, { clock, ...more });
  }

  /** This machine loses its local state. */
  forget(): void {
    rmSync(this.data, { recursive: true });
  }

  write(name: string, content: string | Buffer): void {
    writeFileSync(join(this.source, name), content);
  }

  /** `count` files of 2,000 bytes that don't compress, in the folder `many`. */
  writeMany(count: number, folder = "many"): void {
    mkdirSync(join(this.source, folder));
    for (let number = 0; number < count; number++) this.write(`${folder}/file-${number}`, noise(2000, number + 1));
  }

  path(name: string): string {
    return join(this.source, name);
  }

  /** What snapshot `sequence` (default: the last) holds below the source, by name. */
  async snapshot(sequence?: number): Promise<Map<string, SnapshotFile>> {
    const start = `${this.source.slice(1)}/`;
    const files = [...(await readSnapshot(this.service, sequence))].filter(([path]) => path.startsWith(start));
    return new Map(files.map(([path, file]) => [path.slice(start.length), file]));
  }

  /** The packs that `work` adds to the service. */
  async newPacks(work: () => Promise<unknown>): Promise<string[]> {
    const before = new Set(this.service.packs.keys());
    await work();
    return [...this.service.packs.keys()].filter((pack) => !before.has(pack));
  }
}
