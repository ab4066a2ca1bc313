/**
 * Whether an order may run without anybody at the machine being asked: only into folders that its owner approved, only what adds and never replaces, only where
 * the service can open the backups. What may not waits, and says why.
 */
import { readlinkSync, realpathSync } from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { systemCode } from "../base/system-reason.ts";
import type { OrderNote, OrderView } from "../protocol/messages/restore-orders.ts";
import { catalogPath, shortDiskPath } from "./disk/disk-path.ts";
import { isWithin } from "./model/path-order.ts";
import { catalogPathOf } from "./model/spelled-path.ts";
import type { Bounds } from "./restore/bounds.ts";

export type OrderRuling =
  | {
      readonly may: true;
      /** Everything comes into `folder` (a real path), at `below` in it (a catalog path). */
      readonly folder: string;
      readonly below: Buffer;
      readonly bounds: Bounds;
    }
  | { readonly may: false; readonly because: OrderNote };

export interface RulingFacts {
  /** As in settings.json. */
  readonly approved: readonly string[];
  /** The service has what opens the backups. */
  readonly isDefaultKey: boolean;
  /** The agent's own: nothing is restored there. */
  readonly dataFolder: string;
  /** `realPlace`; `undefined`: nobody knows where a path leads. */
  readonly real: (path: string) => string | undefined;
}

export function mayRunOrder(
  { target, paths, existing }: Pick<OrderView, "target" | "paths" | "existing">,
  { approved, isDefaultKey, dataFolder, real }: RulingFacts,
): OrderRuling {
  if (!isDefaultKey) return no("own-key");
  if (approved.length === 0) return no("nothing-approved");
  if (existing === "overwrite") return no("replaces");
  // A folder that leads elsewhere by now is not the one that was approved.
  const roots = approved
    .filter((folder) => isPlain(folder) && !isWhole(folder) && real(folder) === trimmed(folder))
    .map(trimmed);
  const own = real(dataFolder) ?? dataFolder;
  const bounds = { within: roots.map((root) => catalogPath(root)), except: catalogPath(own) };
  const rootOf = (path: string): string | undefined => {
    if (!isPlain(path) || isInside(path, own)) return undefined;
    return roots.find((root) => isInside(path, root));
  };
  if (target.kind === "folder") {
    const place = isPlain(target.path) ? real(target.path) : undefined;
    const root = place === undefined ? undefined : rootOf(place);
    if (place === undefined || root === undefined) return no("not-approved");
    return { may: true, folder: root, below: behind(place, root), bounds };
  }
  for (const spelled of paths) {
    const path = placeOfSpelled(spelled);
    // A link on the way would lead elsewhere, and none is followed: whoever is asked can decide.
    if (path === undefined || real(path) !== path || rootOf(path) === undefined) return no("not-approved");
  }
  return { may: true, folder: "/", below: Buffer.alloc(0), bounds };
}

/** Where a path leads, as far as it is there; what is not there yet keeps its name. `undefined` when a link on the way leads nowhere. */
export function realPlace(path: string): string | undefined {
  const missing: string[] = [];
  for (let at = resolve(path); ; at = dirname(at)) {
    try {
      return join(realpathSync.native(at), ...missing);
    } catch (error) {
      if (systemCode(error) !== "ENOENT" || isLink(at) || at === dirname(at)) return undefined;
      missing.unshift(at.slice(dirname(at).length).replace(/^[/\\]+/, ""));
    }
  }
}

const no = (because: OrderNote): OrderRuling => ({ may: false, because });

/** Absolute, and says where it is: without `..`. */
const isPlain = (path: string): boolean => isAbsolute(path) && !path.includes("\0") && resolve(path) === trimmed(path);

/** Programs and log-ins are kept there, too: nobody approves that. */
const isWhole = (path: string): boolean => catalogPath(path).length === 0;

const trimmed = (path: string): string => (path.length > 1 ? path.replace(/[/\\]+$/, "") : path);

const isInside = (path: string, root: string): boolean => isWithin(catalogPath(path), catalogPath(root));

const behind = (path: string, root: string): Buffer => {
  const [whole, above] = [catalogPath(path), catalogPath(root)];
  return whole.subarray(above.length === 0 ? 0 : Math.min(above.length + 1, whole.length));
};

/** Names that are not UTF-8 can't be compared with what settings say. */
function placeOfSpelled(spelled: string): string | undefined {
  const bytes = shortDiskPath(catalogPathOf(spelled));
  const text = bytes.toString();
  return Buffer.from(text).equals(bytes) ? text : undefined;
}

function isLink(path: string): boolean {
  try {
    readlinkSync(path);
    return true;
  } catch {
    return false;
  }
}
