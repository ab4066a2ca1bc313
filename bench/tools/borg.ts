/** BorgBackup as it comes: lz4, one thread; local, and served over a pipe as it would be over SSH, without SSH. */
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { folderBytes } from "../measure/measure.ts";
import { runCommand } from "../measure/run-command.ts";
import { PASSWORD } from "./password.ts";
import type { Repository, Tool } from "./tool.ts";

export const borg = (version: string): Tool => ({
  name: "borg",
  about: `${version}, lz4, repository in a local folder`,
  open: (workFolder) => openRepository(workFolder, { served: false, compression: "lz4" }),
});

export const borgZstd = (version: string): Tool => ({
  name: "borg-zstd",
  about: `${version}, zstd level 3, repository in a local folder`,
  open: (workFolder) => openRepository(workFolder, { served: false, compression: "zstd,3" }),
});

export const borgServe = (version: string): Tool => ({
  name: "borg-serve",
  about: `${version}, lz4, through \`borg serve\` on a pipe`,
  open: (workFolder) => openRepository(workFolder, { served: true, compression: "lz4" }),
});

interface Manner {
  readonly served: boolean;
  readonly compression: string;
}

async function openRepository(workFolder: string, { served, compression }: Manner): Promise<Repository> {
  const folder = join(workFolder, "repository");
  const env = {
    BORG_REPO: served ? `ssh://here${folder}` : folder,
    BORG_RSH: join(workFolder, "no-ssh"),
    BORG_PASSPHRASE: PASSWORD,
    BORG_BASE_DIR: workFolder,
  };
  // borg starts `$BORG_RSH here borg serve …`.
  writeFileSync(env.BORG_RSH, '#!/bin/sh\nshift\nexec "$@"\n');
  chmodSync(env.BORG_RSH, 0o700);
  await runCommand({ argv: ["borg", "init", "--encryption", "repokey"], env });
  return {
    // Only with --debug does it say what it sent, which costs time of its own: not asked.
    backup: (source, name) => ({ argv: ["borg", "create", "--compression", compression, `::${name}`, source], env }),
    list: () => ({ argv: ["borg", "list"], env }),
    restore: ({ source, name, path, target }) => {
      const only = path === undefined ? [] : [join(source, path).slice(1)];
      return { argv: ["borg", "extract", `::${name}`, ...only], env, cwd: target };
    },
    verify: () => ({ argv: ["borg", "check", "--verify-data"], env }),
    restored: (source, target) => join(target, source),
    storedBytes: () => folderBytes(folder),
    [Symbol.asyncDispose]: async () => undefined,
  };
}
