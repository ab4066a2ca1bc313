/** A network namespace of our own, so that its loopback carries (and counts) nothing but what is measured. */
import { spawnSync } from "node:child_process";

export type OwnNetwork = "own" | "shared";

const INSIDE = "HOLDFAST_BENCH_INSIDE_NETWORK";
const UP_AND_RUN = 'ip link set lo up && exec "$0" "$@"';

/** Runs this program again inside where the system lets us (it needs root), else runs `work` here. Gives the exit code. */
export async function withOwnNetwork(wanted: boolean, work: (network: OwnNetwork) => Promise<number>): Promise<number> {
  if (process.env[INSIDE]) return work("own");
  if (!wanted || !possible()) return work("shared");
  const again = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  const { status } = spawnSync("unshare", ["--net", "sh", "-c", UP_AND_RUN, ...again], {
    stdio: "inherit",
    env: { ...process.env, [INSIDE]: "yes" },
  });
  return status ?? 1;
}

const possible = (): boolean =>
  spawnSync("unshare", ["--net", "sh", "-c", UP_AND_RUN, "true"], { stdio: "ignore" }).status === 0;
