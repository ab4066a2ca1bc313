/** Rows by which several processes on one database know of each other. */

/** A process that works on these rows. */
export interface NodeRow {
  readonly id: string;
  readonly startedAt: number;
  /** Its last sign of life, by its own clock. */
  readonly seenAt: number;
}

/** Something true of the whole installation. */
export interface FactRow {
  readonly name: string;
  readonly value: string;
}

/** When a job was last begun, and by whom. */
export interface JobTurnRow {
  readonly name: string;
  readonly startedAt: number;
  readonly node: string;
}
