/** A folder that is removed after the test, whatever modes it has got. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

export function tempFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "holdfast-test-")));
  onTestFinished(() => {
    // `rm` reaches paths that are too long for Node's.
    spawnSync("chmod", ["-R", "u+rwx", folder]);
    spawnSync("rm", ["-rf", "--", folder]);
  });
  return folder;
}
