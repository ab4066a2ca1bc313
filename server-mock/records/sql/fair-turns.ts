/**
 * SQLite answers at once, so a loop of transactions never waits, and no call would come in until it ends. Asked before each of them, this
 * lets others have their turn when the process has not looked around for a while.
 */
import { setImmediate as lookAround } from "node:timers/promises";

const HELD_MS = 5;

export function fairTurns(): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < HELD_MS) return;
    await lookAround();
    since = performance.now();
  };
}
