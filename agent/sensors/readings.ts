/** What a machine says about itself at one moment. `null`: it can't be told here. */

export interface Readings {
  /** 0 to 100, of all processors together without this process's own share, on average since the reading before. */
  readonly cpuPercent: number | null;
  /** Since somebody last used keyboard, mouse or terminal. Nobody logged in: since the machine was started. */
  readonly idleMinutes: number | null;
  /** `null` also for a machine without a battery. */
  readonly battery: Battery | null;
  readonly network: Network | null;
}

export interface Battery {
  /** It is what the machine runs on. */
  readonly isDischarging: boolean;
  /** 0 to 100, of all batteries together. */
  readonly percent: number | null;
}

export interface Network {
  /** By which the machine is connected: SSID, name of the connection, name of the interface. Empty: it isn't. */
  readonly names: readonly string[];
  readonly isMetered: boolean | null;
}

export const NO_READINGS: Readings = { cpuPercent: null, idleMinutes: null, battery: null, network: null };
