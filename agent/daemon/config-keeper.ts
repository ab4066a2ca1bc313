/** The configuration as the agent goes by it: read anew when its files are others; when they can't be read, the last good one goes on. */
import { asHoldfastError, type HoldfastError } from "../../protocol/errors.ts";
import type { Config } from "../config/effective.ts";
import type { DaemonMemory } from "./memory.ts";
import type { DaemonParts } from "./parts.ts";

export interface ConfigKeeperOptions {
  readonly parts: DaemonParts;
  readonly memory: DaemonMemory;
  readonly onConfig: (config: Config) => void;
}

export class ConfigKeeper {
  readonly #options: ConfigKeeperOptions;
  #mark = "";
  current: Config | undefined;
  /** Why the files as they are now can't be gone by. */
  error: HoldfastError | undefined;

  constructor(options: ConfigKeeperOptions) {
    this.#options = options;
  }

  /** The files may be others now. */
  forget(): void {
    this.#mark = "";
  }

  async read(): Promise<void> {
    const { parts, onConfig } = this.#options;
    const mark = parts.configMark();
    if (mark === this.#mark) return;
    this.#mark = mark;
    try {
      const config = await parts.loadConfig();
      this.current = config;
      this.error = undefined;
      const schedules = config.schedules.value.map(({ type }) => type);
      parts.log.write("info", "config.read", { sets: config.backupSets.value.length, schedules });
      onConfig(config);
    } catch (error) {
      this.error = asHoldfastError(error);
      parts.log.write("error", "config.bad", { code: this.error.code, message: this.error.message });
    }
  }

  /** Since when these schedules hold: kept over restarts, so that what was missed meanwhile is caught up. */
  schedulesSince({ schedules }: Config): number {
    const { memory, parts } = this.#options;
    const text = JSON.stringify(schedules.value);
    const known = memory.find("schedules") as { readonly text: string; readonly since: number } | undefined; // Written just below.
    if (known?.text === text) return known.since;
    const since = parts.clock.now();
    memory.put("schedules", { text, since });
    return since;
  }
}

export const isAnythingChosen = ({ backupSets }: Config): boolean =>
  backupSets.value.some(({ exclusionary }) => !exclusionary);
