/** Ctrl-C and its kin: the first asks a command to stop, a second one, a moment later, ends the process at once. */
import { HoldfastError } from "../protocol/errors.ts";

/** A library under `conf` raises each signal once more: that is not a person's second thought. */
const ECHO_MS = 300;

export function onInterrupt(act: { readonly first?: () => void; readonly second: () => void }): AbortSignal {
  const interrupt = new AbortController();
  let isSecondHeard = false;
  const hear = () => {
    if (isSecondHeard) act.second();
    if (interrupt.signal.aborted) return;
    act.first?.();
    interrupt.abort(new HoldfastError("command/interrupted"));
    const listen = () => {
      isSecondHeard = true;
    };
    // The echo is there by now, and heard in the next turn, however late a busy machine takes it: the moment begins then.
    setImmediate(() => setImmediate(() => setTimeout(listen, ECHO_MS).unref()));
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, hear);
  return interrupt.signal;
}
