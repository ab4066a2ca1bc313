/** Watching what this machine backs up: the watcher told by the configuration which folders count. */
import { resolve } from "node:path";
import type { Clock } from "../base/clock.ts";
import type { Config } from "./config/effective.ts";
import type { Watching, WatchListener } from "./daemon/parts.ts";
import { catalogPath } from "./disk/disk-path.ts";
import { explainIgnore } from "./disk/explain-ignore.ts";
import { configuredRules } from "./disk/ignore-rules.ts";
import { isWithin } from "./model/path-order.ts";
import { watch } from "./watch/watch.ts";

export interface OwnWatchOptions {
  readonly config: Config;
  readonly dataFolder: string;
  readonly clock: Clock;
  readonly listener: WatchListener;
}

export function watchConfig({ config, dataFolder, clock, listener }: OwnWatchOptions): Watching {
  const roots = rootsOf(config);
  const own = catalogPath(resolve(dataFolder));
  const rules = configuredRules(config.excludes.value, "settings");
  const rootPaths = roots.map((root) => catalogPath(root));
  return watch({
    roots,
    clock,
    signal: listener.signal,
    oneFileSystem: config.oneFileSystem.value,
    isLeftOut: (path, isFolder) => {
      const catalog = catalogPath(path);
      return isWithin(catalog, own) || (isFolder && explainIgnore(catalog, rules, rootPaths).ignored);
    },
    onChange: (change) => listener.change(change),
    onGap: (gap) => listener.gap(gap),
  });
}

/** Of all sets that take something, each once. */
const rootsOf = ({ backupSets }: Config): string[] =>
  Array.from(
    new Set(
      backupSets.value.flatMap(({ exclusionary, roots }) => (exclusionary ? [] : roots.map((root) => resolve(root)))),
    ),
  );
