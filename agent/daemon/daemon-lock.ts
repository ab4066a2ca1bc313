/** One agent for each data folder, as long as its process lives. */
import { HoldfastError } from "../../protocol/errors.ts";
import { takeProcessLock } from "../state/process-lock.ts";

/** Throws `agent/running`, and what a lock throws. Dispose of it. */
export const lockDaemon = (dataFolder: string): Disposable =>
  takeProcessLock({
    dataFolder,
    lock: "agent-lock.db",
    note: "agent.pid",
    taken: (pid, cause) => new HoldfastError("agent/running", { pid }, { cause }),
  });
