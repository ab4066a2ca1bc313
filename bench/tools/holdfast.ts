/** Holdfast as it is installed: the command line and the real service, with its full durability, on the loopback. */
import { existsSync } from "node:fs";
import { cp, mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { VERSION } from "../../protocol/version.ts";
import { folderBytes } from "../measure/measure.ts";
import { type CommandLine, runCommand } from "../measure/run-command.ts";
import { freePort, Service } from "../measure/service.ts";
import type { Repository, Tool } from "./tool.ts";

const checkout = fileURLToPath(new URL("../..", import.meta.url));

/** What `holdfast-server init --json` prints, as far as it is used here. */
const credentialsSchema = z.object({
  user: z.object({ email: z.string(), password: z.string() }),
  productKeys: z.object({ server: z.string() }),
});

export async function holdfast({ build }: { build: boolean }): Promise<Tool> {
  if (build) await runCommand({ argv: ["npm", "run", "build"], cwd: checkout });
  return {
    name: "holdfast",
    about: `holdfast ${VERSION}, its service on the loopback, plain HTTP`,
    open: openRepository,
  };
}

async function openRepository(workFolder: string): Promise<Repository> {
  const program = await install(join(workFolder, "program"));
  const data = join(workFolder, "service");
  const made = await runCommand(program("server-mock", ["init", "--data", data, "--json"]));
  const { user, productKeys } = credentialsSchema.parse(JSON.parse(made.output));
  const port = await freePort();
  const start = ["start", "--data", data, "--port", String(port), "--log", "warn"];
  const service = await Service.start(program("server-mock", start), port);
  const env = { HOLDFAST_HOME: join(workFolder, "machine"), HOLDFAST_PASSWORD: user.password };
  const agent = (...args: string[]): CommandLine => ({ ...program("cli", args), env });
  const address = `http://127.0.0.1:${port}`;
  const register = ["register", "--service", address, "--key", productKeys.server, "--kind", "server"];
  await runCommand(agent(...register));
  const snapshots = new Map<string, string>();
  return {
    service,
    backup: (source) => agent("--json", "backup", source),
    backupKnown: (source, _, pathsFile) => agent("--json", "backup", source, "--changed-from", pathsFile),
    backedUp: (name, output) => {
      snapshots.set(name, String(z.object({ snapshot: z.number() }).parse(JSON.parse(output)).snapshot));
    },
    list: () => agent("snapshots"),
    restore: ({ source, name, path, target }) => {
      const paths = path === undefined ? [] : [join(source, path)];
      const at = ["--at", `#${snapshots.get(name) ?? ""}`];
      return agent("restore", ...paths, ...at, "--to", target, "--email", user.email);
    },
    verify: () => agent("verify", "--read-data", "--email", user.email),
    restored: (source, target) => join(target, source),
    // The database's log is bounded and used again; its size says nothing about what was stored.
    storedBytes: () => folderBytes(data, (path) => !/-(wal|shm)$/.test(path)),
    [Symbol.asyncDispose]: () => service[Symbol.asyncDispose](),
  };
}

/** As an installed package has them, so that what users start is what is measured: its small programs, which start what was built. */
async function install(folder: string) {
  const built = join(checkout, "dist");
  if (!existsSync(join(built, "holdfast.js"))) throw new Error(`${built} is missing: npm run build`);
  await mkdir(folder, { recursive: true });
  for (const file of ["base/launch.mjs", "base/relaunch.mjs", "cli/bin.mjs", "server-mock/bin.mjs"])
    await cp(join(checkout, file), join(folder, file));
  await symlink(built, join(folder, "dist"), "dir");
  return (of: "cli" | "server-mock", args: readonly string[]): CommandLine => ({
    argv: [process.execPath, join(folder, of, "bin.mjs"), ...args],
  });
}
