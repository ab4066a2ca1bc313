/** Asks the machine what conditions and schedules want to know of it. Never throws, never hangs: what can't be told in time is `null`. */
import { type AskProgram, askProgram } from "./ask-program.ts";
import { readBattery } from "./battery.ts";
import { readIdleMinutes } from "./idle.ts";
import { NetworkSensor } from "./network.ts";
import { loadBetween, type ProcessorTimes, readProcessorTimes } from "./processor-load.ts";
import type { Readings } from "./readings.ts";

/** What costs something and is not always wanted; absent: everything. */
export interface Wanted {
  readonly idle?: boolean;
  readonly battery?: boolean;
  readonly network?: boolean;
}

export interface SensorOptions {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly platform?: NodeJS.Platform;
  readonly ask?: AskProgram;
}

const LIMIT_MS = 8000;

export class Sensors {
  readonly #options: Required<SensorOptions>;
  readonly #network: NetworkSensor;
  #times: ProcessorTimes = readProcessorTimes();

  constructor({ now, platform = process.platform, ask = askProgram }: SensorOptions) {
    this.#options = { now, platform, ask };
    this.#network = new NetworkSensor(platform, ask);
  }

  async read({ idle = true, battery = true, network = true }: Wanted = {}): Promise<Readings> {
    const { now, platform, ask } = this.#options;
    const times = readProcessorTimes();
    const cpuPercent = loadBetween(this.#times, times);
    this.#times = times;
    const [idleMinutes, ofBattery, ofNetwork] = await Promise.all([
      idle ? inTime(readIdleMinutes({ platform, ask, nowMs: now() })) : null,
      battery ? inTime(readBattery(platform)) : null,
      network ? inTime(this.#network.read(performance.now())) : null,
    ]);
    return { cpuPercent, idleMinutes, battery: ofBattery, network: ofNetwork };
  }
}

/** Libraries' own programs may hang as well as files of drivers. */
async function inTime<Value>(reading: Promise<Value | null>): Promise<Value | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), LIMIT_MS);
  });
  try {
    return await Promise.race([reading.catch(() => null), late]);
  } finally {
    clearTimeout(timer);
  }
}
