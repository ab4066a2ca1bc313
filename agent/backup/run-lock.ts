/** One backup at a time for each data folder. */
import { HoldfastError } from "../../protocol/errors.ts";
import { takeProcessLock } from "../state/process-lock.ts";

/** Throws `backup/running`, and what a lock throws. Dispose of it. */
export const lockRun = (dataFolder: string): Disposable =>
  takeProcessLock({
    dataFolder,
    lock: "lock.db",
    note: "backup.lock",
    taken: (pid, cause) => new HoldfastError("backup/running", { pid }, { cause }),
  });
