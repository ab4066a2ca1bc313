// From an older Node to the one that Holdfast ships with. Costs what the older one needs to start: some 40 ms.
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

export async function relaunch(entry, majorMin) {
  const node = bundledNode();
  if (!node) {
    console.error(
      `holdfast needs Node.js ${majorMin} or newer; this is ${process.version}, and no bundled runtime is installed for ` +
        `${process.platform}-${process.arch}.\nReinstall without --omit=optional, or put Node.js ${majorMin} first in PATH.`,
    );
    process.exit(1);
  }
  const argv = [...process.execArgv, "--disable-warning=ExperimentalWarning", entry, ...process.argv.slice(2)];
  if (typeof process.execve === "function" && process.platform !== "win32") process.execve(node, [node, ...argv]);
  await run(node, argv);
}

/** As if it were this process: same streams, same signals, same end. */
async function run(node, argv) {
  const { spawn } = await import("node:child_process");
  const { constants } = await import("node:os");
  const child = spawn(node, argv, { stdio: "inherit" });
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
