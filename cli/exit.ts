/** Exit codes: a number for each kind of outcome (docs/errors.md). */
import { EXIT_CODES } from "../protocol/error-codes.ts";
import type { HoldfastError } from "../protocol/errors.ts";

export const EXIT_DONE = 0;
/** The run is over and useful, but something is missing: what, is listed. */
export const EXIT_INCOMPLETE = 3;
export const EXIT_INTERRUPTED = 130;
/** A new version of the agent is in place: units start it again (agent/install/systemd-unit.ts). */
export const EXIT_RESTART = 75;

export const exitCodeOf = (error: HoldfastError): number =>
  error.code === "command/interrupted" || error.code === "backup/cancelled" ? EXIT_INTERRUPTED : EXIT_CODES[error.kind];
