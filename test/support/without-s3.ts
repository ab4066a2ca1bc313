/** Says once what this run leaves out. */
import { spawnSync } from "node:child_process";
import type { TestProject } from "vitest/node";

export function setup({ config }: TestProject): void {
  if (config.watch) return;
  const has = (program: string) => spawnSync("sh", ["-c", `command -v ${program}`]).status === 0;
  const reason = has("radosgw")
    ? "it needs a server, which that starts"
    : has("apt-get")
      ? "it needs a server, which that installs from packages (as root) and starts"
      : "it needs Ceph, and there is no apt-get to install it with; HOLDFAST_TEST_S3=http://key:secret@host:port names another server";
  console.log(`S3 is left out of this run; \`npm run test:engines\` tests it: ${reason}.`);
}
