/** Counts over everything, for metrics: each is one pass, so whoever asks doesn't ask often. */

export interface MachineFigures {
  readonly active: number;
  readonly suspended: number;
  readonly deleted: number;
  /** Of active ones, by their last successful backup; each is counted once. */
  readonly within24Hours: number;
  readonly within1Week: number;
  readonly over1Week: number;
  readonly never: number;
}

export interface Figures {
  countMachines(now: number): Promise<MachineFigures>;
  countOpenSessions(): Promise<number>;
}
