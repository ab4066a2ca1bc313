/** `holdfast resume`: backups go on after a pause. */
import { askAgent } from "../../agent/index.ts";
import type { Context } from "../context.ts";
import { type Define, examples } from "../define.ts";

export const define: Define = (command, act) => {
  command
    .addHelpText("after", examples([["holdfast resume", "ends `holdfast pause`; what was running goes on"]]))
    .action(act(run));
};

async function run({ terminal, dataFolder, signal }: Context): Promise<undefined> {
  for await (const answer of askAgent(dataFolder, { op: "resume" }, signal))
    if (answer.kind === "done") {
      if (terminal.manner.json) terminal.json({ pausedUntil: null });
      else terminal.line("Backups go on.");
    }
}
