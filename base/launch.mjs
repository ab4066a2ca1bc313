// Starts a Holdfast program on the Node it ships with. Plain JavaScript that runs on Node 18 and newer,
// because it must work before the right Node has been found. Never edits PATH, never downloads.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import module, { createRequire } from "node:module";
import { constants, homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const MAJOR_MIN = 26;
// Programs start in half the time. In a folder of our own: whoever could write compiled code for us could run as us.
const compileCache = join(homedir(), ".cache", "holdfast", "compiled");

/** Runs `program` (for example "cli/main"): its source in a checkout, its built form in an installed package. */
export async function launch(program) {
  const source = new URL(`../${program}.ts`, import.meta.url);
  const entry = existsSync(source) ? source : new URL(`../dist/${program}.js`, import.meta.url);
  if (Number(process.versions.node.split(".")[0]) >= MAJOR_MIN) {
    process.argv[1] = fileURLToPath(entry);
    module.enableCompileCache(compileCache);
    await import(entry);
    return;
  }
  const node = bundledNode();
  if (!node) {
    console.error(
      `holdfast needs Node.js ${MAJOR_MIN} or newer; this is ${process.version}, and no bundled runtime is installed for ` +
        `${process.platform}-${process.arch}.\nReinstall without --omit=optional, or put Node.js ${MAJOR_MIN} first in PATH.`,
    );
    process.exit(1);
  }
  const argv = [
    ...process.execArgv,
    "--disable-warning=ExperimentalWarning",
    fileURLToPath(entry),
    ...process.argv.slice(2),
  ];
  if (typeof process.execve === "function" && process.platform !== "win32")
    process.execve(node, [node, ...argv], variables());
  run(node, argv);
}

const variables = () => ({ NODE_COMPILE_CACHE: compileCache, ...process.env });

function run(node, argv) {
  const child = spawn(node, argv, { stdio: "inherit", env: variables() });
  const signals = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"];
  for (const signal of signals) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => {
    // For example the glibc build on a musl system.
    console.error(`holdfast: cannot start ${node}: ${error.message}`);
    process.exit(1);
  });
  child.on("exit", (code, signal) => {
    for (const name of signals) process.removeAllListeners(name);
    process.exitCode = signal ? 128 + (constants.signals[signal] ?? 0) : (code ?? 1);
  });
}

function bundledNode() {
  const require = createRequire(import.meta.url);
  const platform = process.platform === "win32" ? "win" : process.platform;
  const prefix = platform === "darwin" && process.arch === "arm64" ? "node-bin" : "node";
  try {
    const manifest = require.resolve(`${prefix}-${platform}-${process.arch}/package.json`);
    const { bin } = require(manifest);
    return join(dirname(manifest), typeof bin === "string" ? bin : bin.node);
  } catch {
    return undefined;
  }
}
