/** Selection: the roots of a backup as a tree of names, so that nested and repeated roots need no special care. */

import { realpathSync } from "node:fs";
import { systemReason } from "../../base/system-reason.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import { catalogPath, shortDiskPath, shownPath } from "./disk-path.ts";
import type { DiskProblem } from "./found.ts";

/** Names are the bytes as Latin-1, so that comparing strings compares bytes. */
export interface Selection {
  isRoot: boolean;
  readonly below: Map<string, Selection>;
}

/** Roots are catalog paths. Symlinks on the way to a root are resolved; the root's own name is not. */
export function select(roots: readonly Buffer[], onProblem: (problem: DiskProblem) => void): Selection {
  const top: Selection = { isRoot: false, below: new Map() };
  for (const root of roots) {
    const path = resolveParent(root, onProblem);
    if (path === undefined) continue;
    let place = top;
    for (const name of path.length === 0 ? [] : path.toString("latin1").split("/")) {
      const next = place.below.get(name) ?? { isRoot: false, below: new Map() };
      place.below.set(name, next);
      place = next;
    }
    place.isRoot = true;
  }
  return top;
}

/** Where each root is. `undefined` when the folder above one of them is not there. */
export function resolveRoots(roots: readonly Buffer[]): { readonly root: Buffer; readonly path: Buffer }[] | undefined {
  let isLost = false;
  const resolved = roots.flatMap((root) => {
    const path = resolveParent(root, () => {
      isLost = true;
    });
    return path === undefined ? [] : [{ root, path }];
  });
  return isLost ? undefined : resolved;
}

/** Symlinks on the way to it are followed; `undefined`, and a problem, when the folder above it is not there. */
export function resolveParent(root: Buffer, onProblem: (problem: DiskProblem) => void): Buffer | undefined {
  const slash = root.lastIndexOf(0x2f);
  if (slash < 0) return root;
  try {
    const parent = catalogPath(realpathSync.native(shortDiskPath(root.subarray(0, slash)), { encoding: "buffer" }));
    return Buffer.concat([parent, Buffer.from(parent.length === 0 ? "" : "/"), root.subarray(slash + 1)]);
  } catch (cause) {
    onProblem({ path: root, error: rootMissing(root, cause) });
    return undefined;
  }
}

export const rootMissing = (root: Buffer, cause: unknown): HoldfastError =>
  new HoldfastError("root/missing", { path: shownPath(root), reason: systemReason(cause) }, { cause });
