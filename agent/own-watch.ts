/** Watching what this machine backs up: the watcher, told by the configuration which folders count. */
import { resolve } from "node:path";
import type { Clock } from "../base/clock.ts";
import type { Config } from "./config/effective.ts";
import type { Watching, WatchListener } from "./daemon/parts.ts";
import { platformDefaults } from "./disk/defaults/default-rules.ts";
import { catalogPath } from "./disk/disk-path.ts";
import { Explainer } from "./disk/explain-choice.ts";
import { configuredRules } from "./disk/ignore-rules.ts";
import { networkMounts } from "./disk/platform/network-mounts.ts";
import { isWithin } from "./model/path-order.ts";
import type { Settings } from "./settings.ts";
import type { Watcher } from "./watch/messages.ts";
import { watch } from "./watch/watch.ts";

export interface OwnWatchOptions {
  readonly config: Config;
  readonly settings: Settings;
  readonly dataFolder: string;
  readonly clock: Clock;
  readonly listener: WatchListener;
  /** By default what is best on this system. */
  readonly watcher?: Watcher | undefined;
}

export function watchConfig({ config, settings, dataFolder, clock, listener, watcher }: OwnWatchOptions): Watching {
  const own = catalogPath(resolve(dataFolder));
  const explainer = new Explainer({
    roots: [],
    choice: { sets: config.backupSets.value, nowMs: clock.now() },
    oneFileSystem: config.oneFileSystem.value,
    configured: configuredRules(config.excludes.value, "settings"),
    leftOut: [own],
    defaults: settings.defaults === false ? undefined : platformDefaults(),
    refusedMounts: settings.kind === "desktop" ? networkMounts() : [],
  });
  return watch({
    roots: rootsOf(config),
    clock,
    ...(watcher ? { watcher } : {}),
    signal: listener.signal,
    oneFileSystem: config.oneFileSystem.value,
    isLeftOut: (path, isFolder) => {
      const catalog = catalogPath(path);
      // What becomes of a file is the backup's to say.
      return isWithin(catalog, own) || (isFolder && isLeftOut(explainer, catalog));
    },
    onChange: (change) => listener.change(change),
    onGap: (gap) => listener.gap(gap),
  });
}

/** A rule file that can't be read is the backup's trouble, which names it. */
function isLeftOut(explainer: Explainer, path: Buffer): boolean {
  try {
    return explainer.explain(path).cause !== undefined;
  } catch {
    return false;
  }
}

/** Of all sets that take something, each once. */
const rootsOf = ({ backupSets }: Config): string[] => {
  const taking = backupSets.value.filter(({ exclusionary }) => !exclusionary);
  return Array.from(new Set(taking.flatMap(({ roots }) => roots.map((root) => resolve(root)))));
};
