/** `holdfast run`: the agent at work, in the foreground. */
import { Option } from "commander";
import { runAgent } from "../../agent/index.ts";
import type { Context } from "../context.ts";
import { type Define, examples } from "../define.ts";
import { EXIT_RESTART } from "../exit.ts";
import { logLine } from "../log-line.ts";

export const define: Define = (command, act) => {
  command
    .option("--no-watch", "don't watch folders: every backup looks at everything")
    .addOption(
      new Option("--watch-with <watcher>", "another watcher than this system's best").choices(["folders", "chokidar"]),
    )
    .addHelpText(
      "after",
      `
Watches what is backed up, backs it up by schedule, and takes its policy from the service, until Ctrl-C or SIGTERM.
It says what it does on the standard output and in agent.log of the data folder. Only one runs for each data folder.
To have it started with the machine: \`holdfast install-service\`.
${examples([
  ["holdfast run", "until Ctrl-C; another terminal has `holdfast status`, `top`, `pause`"],
  ["holdfast run --json", "lines of JSON, for a supervisor that collects them"],
])}`,
    )
    .action(act(run));
};

interface Options {
  readonly watch?: boolean;
  readonly watchWith?: "folders" | "chokidar";
}

async function run(context: Context, { watch = true, watchWith }: Options): Promise<number | undefined> {
  const { terminal, dataFolder, timeZone, signal, surroundings } = context;
  const { json, quiet } = terminal.manner;
  const end = await runAgent({
    dataFolder,
    timeZone,
    signal,
    isWatching: watch,
    watchWith,
    environment: surroundings.environment,
    onLine: (line) => {
      const text = JSON.stringify(line);
      if (json) terminal.line(text);
      else if (!quiet || line.level !== "info") terminal.line(logLine(text, terminal, timeZone));
    },
  });
  return end === "restart" ? EXIT_RESTART : undefined;
}
