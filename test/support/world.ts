/** A service, and machines that are registered with it: where a scenario plays. One for each test file; remove it afterwards. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Cli, cli, type Variables } from "./run-cli.ts";
import { type ServiceProcess, startServiceProcess } from "./start-service.ts";

export interface Machine extends Cli {
  /** By the service. */
  readonly id: string;
  readonly name: string;
}

export interface World {
  readonly top: string;
  readonly service: ServiceProcess;
  at(name: string): string;
  /** A new one, of the first user. */
  machine(
    name: string,
    options?: {
      readonly words?: readonly string[];
      readonly variables?: Variables;
      readonly launcher?: readonly string[];
    },
  ): Promise<Machine>;
  /** A product key that nobody has used. */
  productKey(kind?: "desktop" | "server"): Promise<{ id: string; productKey: string }>;
  remove(): Promise<void>;
}

/** `prepare` may put something under the folder where the service's will be. */
export async function makeWorld(prepare: (serviceFolder: string) => void = () => undefined): Promise<World> {
  const top = realpathSync(mkdtempSync(join(tmpdir(), "holdfast-scenario-")));
  prepare(join(top, "service"));
  const service = await startServiceProcess(join(top, "service"));
  const { user } = service.credentials;
  const productKey: World["productKey"] = async (kind = "desktop") => {
    const made = await service.operate("keys", "create", "--user", user.email, "--kind", kind, "--json");
    return JSON.parse(made)[0];
  };
  const variables = { HOLDFAST_PASSWORD: user.password };
  return {
    top,
    service,
    at: (name) => join(top, name),
    productKey,
    async machine(name, options = {}) {
      const machine = cli(join(top, `machine-${name}`), { ...variables, ...options.variables }, options.launcher);
      const { productKey: key } = await productKey();
      const words = ["--service", service.url, "--key", key, "--kind", "desktop", "--name", name];
      const { code, answer } = await machine.json("register", ...words, ...(options.words ?? []));
      if (code !== 0) throw new Error(`register: ${JSON.stringify(answer)}`);
      return { ...machine, id: answer.machine, name };
    },
    async remove() {
      await service.kill();
      removeFolder(top);
    },
  };
}

/** From now on it goes another way to its service. */
export function pointAt({ data }: Cli, url: string): void {
  const path = join(data, "settings.json");
  const settings = JSON.parse(readFileSync(path, "utf8"));
  writeFileSync(path, JSON.stringify({ ...settings, service: { url } }));
}

/** Whatever modes and depths it has got. */
export function removeFolder(folder: string): void {
  spawnSync("chmod", ["-R", "u+rwx", folder]);
  spawnSync("rm", ["-rf", "--", folder]);
}
