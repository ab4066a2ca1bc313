/** The real name, at last: what is whole beside its place takes it, by the policy for what is there already. */

import { renameSync } from "node:fs";
import { systemCode } from "../../base/system-reason.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import { freeName } from "./free-name.ts";
import { platform } from "./platform/platform.ts";
import { removeQuietly, renameNew } from "./rename-new.ts";
import type { TargetFolder } from "./target-folders.ts";

/** What happens to a file, link or device that already has the name: folders are always merged. */
export const EXISTING = ["keep", "rename", "overwrite", "fail"] as const;
export type Existing = (typeof EXISTING)[number];

/** `name`: the one it got. */
export type Settled = { readonly kind: "placed"; readonly name: Buffer } | { readonly kind: "kept" };

/** `part` and `name` are names in the folder. Throws `restore/exists`, and the system's errors. */
export function settle(
  folder: TargetFolder,
  part: Buffer,
  { name, existing, shown }: { name: Buffer; existing: Existing; shown: () => string },
): Settled {
  const at = (each: Buffer) => Buffer.concat([folder.base, each]);
  const exists = (cause?: unknown) => new HoldfastError("restore/exists", { path: shown() }, { cause });
  if (existing === "overwrite") {
    try {
      renameSync(at(part), at(name));
    } catch (error) {
      throw ["EISDIR", "ENOTEMPTY", "EEXIST"].includes(systemCode(error) ?? "") ? exists(error) : error;
    }
    removeQuietly(at(part)); // A rename over another name of the same file does nothing.
    return { kind: "placed", name };
  }
  for (let number = 0; ; number++) {
    const candidate = number === 0 ? name : freeName(name, number);
    try {
      renameIn(folder, part, candidate);
      return { kind: "placed", name: candidate };
    } catch (error) {
      if (systemCode(error) !== "EEXIST") throw error;
      if (existing === "rename") continue;
      removeQuietly(at(part));
      if (existing === "keep") return { kind: "kept" };
      throw exists(error);
    }
  }
}

function renameIn(folder: TargetFolder, from: Buffer, to: Buffer): void {
  if (folder.fd !== undefined && platform.inFolder) {
    try {
      platform.inFolder.renameNew(folder.fd, from, to);
      return;
    } catch (error) {
      // Some file systems can't.
      if (systemCode(error) !== "EINVAL" && systemCode(error) !== "ENOSYS") throw error;
    }
  }
  renameNew(Buffer.concat([folder.base, from]), Buffer.concat([folder.base, to]));
}
