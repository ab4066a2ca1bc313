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
  const logging = join(workFolder, "logging.ini");
  writeFileSync(logging, TRAFFIC_ONLY);
  // borg starts `$BORG_RSH here borg serve …`.
  writeFileSync(env.BORG_RSH, '#!/bin/sh\nshift\nexec "$@"\n');
  chmodSync(env.BORG_RSH, 0o700);
  await runCommand({ argv: ["borg", "init", "--encryption", "repokey"], env });
  const measured = served ? { ...env, BORG_LOGGING_CONF: logging } : env;
  return {
    backup: (source, name) => ({
      argv: ["borg", "create", "--compression", compression, `::${name}`, source],
      env: measured,
    }),
    list: () => ({ argv: ["borg", "list"], env: measured }),
    restore: ({ source, name, path, target }) => {
      const only = path === undefined ? [] : [join(source, path).slice(1)];
      return { argv: ["borg", "extract", `::${name}`, ...only], env: measured, cwd: target };
    },
    verify: () => ({ argv: ["borg", "check", "--verify-data"], env: measured }),
    restored: (source, target) => join(target, source),
    storedBytes: () => folderBytes(folder),
    ...(served ? { sentBytes: trafficIn } : {}),
    [Symbol.asyncDispose]: async () => undefined,
  };
}

/** Has borg say what it sent and received when it ends: three lines of log, which cost nothing, instead of `--debug`, which does. */
const TRAFFIC_ONLY = `[loggers]
keys=root,remote
[handlers]
keys=stderr
[formatters]
keys=plain
[logger_root]
level=WARNING
handlers=stderr
[logger_remote]
level=DEBUG
qualname=borg.remote
handlers=stderr
propagate=0
[handler_stderr]
class=StreamHandler
formatter=plain
args=(sys.stderr,)
[formatter_plain]
format=%(message)s
`;

const UNITS: Readonly<Record<string, number>> = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9 };

/** Both directions, as for the others. */
export function trafficIn(complaints: string): number | undefined {
  const told = /RemoteRepository: ([\d.]+) (\w+) bytes sent, ([\d.]+) (\w+) bytes received/.exec(complaints);
  if (!told) return undefined;
  const [, sent, sentUnit = "", received, receivedUnit = ""] = told;
  return Math.round(Number(sent) * (UNITS[sentUnit] ?? 1) + Number(received) * (UNITS[receivedUnit] ?? 1));
}
