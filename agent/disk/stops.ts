/** Where a walk doesn't even look: Holdfast's own data, and network drives that the licence doesn't cover (a dead one would hold everything up). */
import { HoldfastError } from "../../protocol/errors.ts";
import { shownPath } from "./disk-path.ts";
import type { DiskProblem } from "./found.ts";
import { join } from "./join-path.ts";
import type { NetworkMount } from "./platform/network-mounts.ts";
import type { Selection } from "./selection.ts";

export interface Stop {
  readonly path: Buffer;
  /** Absent for own data, of which nobody needs to be told. */
  readonly mount?: NetworkMount;
}

export class Stops {
  /** By the last name, as Latin-1, so that most things need no look at their whole path. */
  readonly #byName = new Map<string, Stop[]>();

  constructor(leftOut: readonly Buffer[], refusedMounts: readonly NetworkMount[]) {
    for (const path of leftOut) this.#add({ path });
    for (const mount of refusedMounts) this.#add({ path: mount.path, mount });
  }

  find(name: string, path: Buffer): Stop | undefined {
    return this.#byName.get(name)?.find((stop) => stop.path.equals(path));
  }

  #add(stop: Stop): void {
    const name = stop.path.toString("latin1", stop.path.lastIndexOf(0x2f) + 1);
    this.#byName.set(name, [...(this.#byName.get(name) ?? []), stop]);
  }
}

/** Each root on the network drive is told by its own name; the drive itself when it is met below a root. */
export function tellRefused(
  mount: NetworkMount,
  met: { readonly isWanted: boolean; readonly selection: Selection | undefined },
  onProblem: (problem: DiskProblem) => void,
): void {
  const roots = met.selection ? rootsBelow(mount.path, met.selection) : [];
  const paths = met.isWanted && !met.selection?.isRoot ? [mount.path, ...roots] : roots;
  for (const path of paths) onProblem({ path, error: networkDrive(path, mount) });
}

export const networkDrive = (path: Buffer, { path: mount, kind }: NetworkMount): HoldfastError =>
  new HoldfastError("licence/network-drive", { path: shownPath(path), mount: shownPath(mount), kind });

function rootsBelow(path: Buffer, { isRoot, below }: Selection): Buffer[] {
  const further = Array.from(below).flatMap(([name, next]) => rootsBelow(join(join(path, "", "/"), name), next));
  return isRoot ? [path, ...further] : further;
}
