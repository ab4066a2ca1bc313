/** A stretch of the disk that a walk passed without finding anything: from what it found last up to `until`. */
import type { Position } from "../model/path-order.ts";

export interface Gap {
  /** It did not look: what was there before is there still. Otherwise there is nothing. */
  readonly isKept: boolean;
  readonly until: Position;
}
