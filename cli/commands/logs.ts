/** `holdfast logs`: what the agent did. */
import { askAgent, readAgentLog } from "../../agent/index.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import { type Context, optionError } from "../context.ts";
import { type Define, examples } from "../define.ts";
import { logLine } from "../log-line.ts";

interface Options {
  readonly follow?: boolean;
  readonly lines: string;
}

export const define: Define = (command, act) => {
  command
    .option("-f, --follow", "go on with what comes, until Ctrl-C")
    .option("-n, --lines <number>", "how many of the last lines", "50")
    .addHelpText(
      "after",
      `\nWithout a running agent the log's file is read.\n${examples([
        ["holdfast logs --follow", "watch the agent at work"],
        ["holdfast logs -n 500 --json", "lines of JSON as they stand in the file"],
      ])}`,
    )
    .action(act(run));
};

async function run(context: Context, { follow = false, lines: text }: Options): Promise<undefined> {
  const { terminal, dataFolder, timeZone, signal } = context;
  const lines = Number(text);
  if (!/^\d{1,5}$/.test(text) || lines > 10_000) throw optionError(context, "--lines", "a number from 0 to 10000");
  const tell = (line: string) => terminal.line(terminal.manner.json ? line : logLine(line, terminal, timeZone));
  try {
    for await (const answer of askAgent(dataFolder, { op: "logs", lines, follow }, signal))
      if (answer.kind === "log") tell(answer.line);
  } catch (error) {
    if (signal.aborted) return;
    if (follow || !(error instanceof HoldfastError) || error.code !== "agent/not-running") throw error;
    for (const line of await readAgentLog(dataFolder, lines)) tell(line);
  }
}
