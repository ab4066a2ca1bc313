/** restic as it comes: zstd "auto", packs of 16 MiB; local, and through its REST server. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { folderBytes } from "../measure/measure.ts";
import { runCommand } from "../measure/run-command.ts";
import { freePort, Service } from "../measure/service.ts";
import { PASSWORD } from "./password.ts";
import type { Repository, Tool } from "./tool.ts";

export const restic = (version: string): Tool => ({
  name: "restic",
  about: `${version}, repository in a local folder`,
  open: async (workFolder) => {
    const folder = join(workFolder, "repository");
    return openRepository(workFolder, { folder, address: folder });
  },
});

/** `server` is the program; Debian calls it restic-rest-server, its authors rest-server. */
export const resticRest = (version: string, server: string, serverVersion: string): Tool => ({
  name: "restic-rest",
  about: `${version} with ${serverVersion} on the loopback, plain HTTP, no log-in`,
  open: async (workFolder) => {
    const folder = join(workFolder, "repository");
    mkdirSync(folder);
    const port = await freePort();
    const argv = [server, "--path", folder, "--listen", `127.0.0.1:${port}`, "--no-auth"] as const;
    const service = await Service.start({ argv, env: { HOME: workFolder } }, port);
    return openRepository(workFolder, { folder, address: `rest:http://127.0.0.1:${port}/`, service });
  },
});

interface Place {
  readonly folder: string;
  readonly address: string;
  readonly service?: Service;
}

async function openRepository(workFolder: string, { folder, address, service }: Place): Promise<Repository> {
  const env = {
    RESTIC_REPOSITORY: address,
    RESTIC_PASSWORD: PASSWORD,
    RESTIC_CACHE_DIR: join(workFolder, "cache"),
  };
  const snapshots = new Map<string, string>();
  const snapshot = (name: string): string => snapshots.get(name) ?? "latest";
  await runCommand({ argv: ["restic", "init"], env });
  return {
    ...(service ? { service } : {}),
    backup: (source) => ({ argv: ["restic", "backup", source], env }),
    backedUp: (name, output) => {
      const [, id] = /snapshot (\w+) saved/.exec(output) ?? [];
      if (id) snapshots.set(name, id);
    },
    list: () => ({ argv: ["restic", "snapshots"], env }),
    restore: ({ source, name, path, target }) => {
      const only = path === undefined ? [] : ["--include", join(source, path)];
      return { argv: ["restic", "restore", snapshot(name), "--target", target, ...only], env };
    },
    verify: () => ({ argv: ["restic", "check", "--read-data"], env }),
    restored: (source, target) => join(target, source),
    storedBytes: () => folderBytes(folder),
    [Symbol.asyncDispose]: async () => service?.[Symbol.asyncDispose](),
  };
}
