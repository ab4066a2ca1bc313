/** `holdfast cancel`: ends the backup that the agent runs. */
import { askAgent } from "../../agent/index.ts";
import type { Context } from "../context.ts";
import { type Define, examples } from "../define.ts";

export const define: Define = (command, act) => {
  command
    .addHelpText(
      "after",
      `\nWhat was sent is not lost: the next backup takes it over. To let it go on later: \`holdfast pause\`.\n${examples(
        [["holdfast cancel", "ends the running backup"]],
      )}`,
    )
    .action(act(run));
};

async function run({ terminal, dataFolder, signal }: Context): Promise<undefined> {
  for await (const answer of askAgent(dataFolder, { op: "cancel" }, signal))
    if (answer.kind === "done") {
      if (terminal.manner.json) terminal.json({ cancelled: true });
      else terminal.line("The backup ends. What was sent is taken over by the next one.");
    }
}
