/** The folders that the machine's owner approved for restores which somebody orders: written to settings.json, and nowhere else. */
import { stat } from "node:fs/promises";
import { isAbsolute, resolve } from "node:path";
import { systemReason } from "../base/system-reason.ts";
import { HoldfastError } from "../protocol/errors.ts";
import { catalogPath } from "./disk/disk-path.ts";
import { isWithin } from "./model/path-order.ts";
import { realPlace } from "./order-ruling.ts";
import { changeSettings, loadSettings } from "./settings.ts";

/** Gives all of them. Throws `restore/not-approvable`, `settings/not-registered`. */
export async function approveRoot(dataFolder: string, folder: string): Promise<readonly string[]> {
  const real = await approvableRoot(dataFolder, folder);
  const { restoreRoots = [] } = await loadSettings(dataFolder);
  const next = restoreRoots.includes(real) ? restoreRoots : [...restoreRoots, real];
  await changeSettings(dataFolder, { restoreRoots: next });
  return next;
}

/** Where the folder really is, if it may be approved. Throws `restore/not-approvable`. */
export async function approvableRoot(dataFolder: string, folder: string): Promise<string> {
  const refused = (reason: string, cause?: unknown): HoldfastError =>
    new HoldfastError("restore/not-approvable", { path: folder, reason }, { cause });
  if (!isAbsolute(folder)) throw refused("it is no absolute path");
  const found = await stat(folder).catch((cause: unknown) => {
    throw refused(systemReason(cause), cause);
  });
  if (!found.isDirectory()) throw refused("it is no folder");
  // What stands in settings is where it really is: a link that is bent later approves nothing.
  const real = realPlace(folder);
  if (real === undefined) throw refused("a link on the way leads nowhere");
  const whole = catalogPath(real);
  if (whole.length === 0) throw refused("it is the whole computer; programs and log-ins are kept there, too");
  const own = catalogPath(realPlace(dataFolder) ?? resolve(dataFolder));
  if (isWithin(own, whole) || isWithin(whole, own)) throw refused("this machine's own keys and settings are there");
  return real;
}

/** Gives what is left. Also of a folder that is gone. Throws `restore/not-approved`, `settings/not-registered`. */
export async function withdrawRoot(dataFolder: string, folder: string): Promise<readonly string[]> {
  const { restoreRoots = [] } = await loadSettings(dataFolder);
  const names = [folder, resolve(folder), realPlace(folder)];
  const next = restoreRoots.filter((root) => !names.includes(root));
  if (next.length === restoreRoots.length) throw new HoldfastError("restore/not-approved", { path: folder });
  await changeSettings(dataFolder, { restoreRoots: next });
  return next;
}
