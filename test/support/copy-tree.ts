/** Copies a tree through everything that touches the user's files, as a backup and restore would, but without a vault. */

import { catalogPath } from "../../agent/disk/disk-path.ts";
import type { DiskProblem, Found } from "../../agent/disk/found.ts";
import { ownerNames } from "../../agent/disk/owner-names.ts";
import { Target, type TargetOptions } from "../../agent/disk/place.ts";
import { findExtents, openFile, readAt } from "../../agent/disk/read-file.ts";
import { type Described, describe } from "../../agent/disk/read-metadata.ts";
import { walk } from "../../agent/disk/walk.ts";
import { systemRandom } from "../../base/random.ts";
import { HoldfastError } from "../../protocol/errors.ts";

export interface Copied {
  /** `code path` of each problem. */
  readonly problems: readonly string[];
  /** Where what was placed stands, relative to the target. */
  readonly placed: readonly string[];
  readonly kept: readonly string[];
}

/** Copies what is in `from`, and its own metadata not. */
export function copyTree(from: string, to: string, options: Partial<TargetOptions> = {}): Copied {
  const [problems, placed, kept]: [string[], string[], string[]] = [[], [], []];
  const onProblem = ({ path, error }: DiskProblem) => void problems.push(`${error.code} ${path}`);
  const owners = ownerNames({ useDirectory: false });
  const root = catalogPath(from);
  using target = new Target({
    folder: to,
    existing: "fail",
    owners,
    useNumericOwners: true,
    random: systemRandom,
    onProblem,
    ...options,
  });
  for (const found of walk({ roots: [root], onProblem })) {
    if (found.path.length <= root.length) continue;
    const path = found.path.subarray(root.length + 1);
    try {
      target.finishFolders(path);
      const described = describe(found, { owners, linkKey: Buffer.alloc(32, 1), onProblem });
      const result = placeOne(target, path, found, described);
      if (result === undefined) kept.push(path.toString());
      else placed.push(result.toString());
    } catch (error) {
      if (!(error instanceof HoldfastError)) throw error;
      problems.push(`${error.code} ${path}`);
    }
  }
  target.finishFolders();
  target.sync();
  return { problems, placed, kept };
}

const buffer = Buffer.alloc(1_048_576);

/** Where it stands; `undefined` when what was there is kept. */
function placeOne(target: Target, path: Buffer, found: Found, entry: Described): Buffer | undefined {
  if (entry.type === "folder") {
    target.folder(path, entry);
    return path;
  }
  const linked = target.link(path, entry);
  if (linked) return linked.kind === "placed" ? linked.path : undefined;
  if (entry.type !== "file") {
    const placed = target.special(path, entry);
    return placed.kind === "placed" ? placed.path : undefined;
  }
  const part = target.file(path, entry);
  if (!part) return undefined;
  using file = openFile(found);
  for (const { offset, length } of findExtents(file, found.blocks)) {
    for (let at = offset; at < offset + length; ) {
      const count = readAt(file, buffer.subarray(0, Math.min(buffer.length, offset + length - at)), at);
      part.writeAt(buffer.subarray(0, count), at);
      at += count;
    }
  }
  const placed = part.finish();
  return placed.kind === "placed" ? placed.path : undefined;
}
