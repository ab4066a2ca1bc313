/** How trees of many files change, and the blocks of large files. */
import { dirname } from "node:path/posix";
import { KIB, text } from "./content.ts";
import { distinct, type SeededRandom } from "./seeded-random.ts";
import type { Tree, TreeFile } from "./workload.ts";

export const BLOCK_BYTES = 4096;

/** Four files grow, four change in place, one is new, one is gone. */
export function changeTenFiles({ random, changes, files, one }: Tree): void {
  const chosen = choose(random, changeable(files, one), 9);
  for (const { path, size } of chosen.slice(0, 4))
    changes.patch(path, [{ offset: size, bytes: Buffer.from("appended line\n".repeat(8)) }]);
  for (const { path, size } of chosen.slice(4, 8))
    changes.patch(path, [{ offset: Math.floor(size / 2), bytes: Buffer.alloc(64, "changed in place ") }]);
  for (const { path } of chosen.slice(8)) changes.remove(path);
  const [neighbour] = chosen;
  if (neighbour)
    changes.create(`${dirname(neighbour.path)}/added-${random.integer(0, 1e9)}.txt`, text(random, "prose", 20_000));
}

/** One file of a hundred, at least ten: nine of ten change in places, one of ten goes. */
export function changePercentOfFiles({ random, changes, files, one }: Tree): void {
  const present = changeable(files, one);
  for (const [at, { path, size }] of choose(
    random,
    present,
    Math.max(10, Math.floor(present.length / 100)),
  ).entries()) {
    if (at % 10 === 9) changes.remove(path);
    else {
      const places = 1 + Math.floor(size / (256 * KIB));
      const spots = Array.from({ length: places }, () => random.integer(0, size - 101));
      changes.patch(
        path,
        spots.map((offset) => ({ offset, bytes: random.bytes(100) })),
      );
    }
  }
}

/** New noise in these blocks of a file. */
export function changeBlocks({ random, changes }: Tree, { path }: TreeFile, blocks: readonly number[]): void {
  changes.patch(
    path,
    blocks.map((block) => ({ offset: block * BLOCK_BYTES, bytes: random.bytes(BLOCK_BYTES) })),
  );
}

export const blocksOf = ({ size }: TreeFile): number => Math.floor(size / BLOCK_BYTES);

const changeable = (files: readonly TreeFile[], one: string | undefined): TreeFile[] =>
  files.filter(({ path, size }) => size > 256 && path !== one);

const choose = (random: SeededRandom, files: readonly TreeFile[], count: number): TreeFile[] =>
  distinct(random, count, files.length).flatMap((at) => files[at] ?? []);
