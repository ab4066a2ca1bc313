/** One backup at a time for each data folder: a lock file that names its process; a dead process's lock is taken over. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { HoldfastError } from "../../protocol/errors.ts";

/** Throws `backup/running`. Dispose of it. */
export function lockRun(path: string): Disposable {
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      writeFileSync(path, `${process.pid}\n`, { flag: "wx", mode: 0o600 });
      return { [Symbol.dispose]: () => rmSync(path, { force: true }) };
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    }
    const pid = holder(path);
    if (pid !== undefined && pid !== process.pid && isAlive(pid)) throw new HoldfastError("backup/running", { pid });
    if (pid === process.pid) throw new HoldfastError("backup/running", { pid });
    rmSync(path, { force: true });
  }
  throw new HoldfastError("backup/running", { pid: "unknown" });
}

function holder(path: string): number | undefined {
  try {
    const pid = Number(readFileSync(path, "utf8").trim());
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
