/** `holdfast top`: the agent's state, live. */
import { askAgent } from "../../agent/index.ts";
import { statusLines, textOf } from "../agent-status.ts";
import type { Context } from "../context.ts";
import { type Define, examples } from "../define.ts";
import { wrapped } from "../table.ts";
import { moment, size } from "../units.ts";

export const define: Define = (command, act) => {
  command
    .addHelpText(
      "after",
      `\nOn a terminal it goes on until Ctrl-C; elsewhere, or with --json, a state comes every second.\n${examples([
        ["holdfast top", "what the agent does, as it does it"],
        ["holdfast top --json", "a line of JSON each second"],
      ])}`,
    )
    .action(act(run));
};

const CLEAR = "\x1b[H\x1b[J";
const OTHER_SCREEN = "\x1b[?1049h\x1b[?25l";
const FIRST_SCREEN = "\x1b[?25h\x1b[?1049l";

async function run(context: Context): Promise<undefined> {
  const { terminal, dataFolder, timeZone, signal } = context;
  const { stdout } = terminal.streams;
  const isLive = stdout.isTTY === true && !terminal.manner.json;
  let isOpen = false;
  try {
    for await (const answer of askAgent(dataFolder, { op: "watch", everyMs: 1000 }, signal)) {
      if (answer.kind !== "status") continue;
      const { status } = answer;
      if (terminal.manner.json) {
        terminal.json(status);
        continue;
      }
      const head = `Holdfast ${status.version}, process ${status.pid}, ${moment(status.now, timeZone)}, ${size(status.rssBytes)} of memory, ${status.cpuSeconds.toFixed(1)} s of processor`;
      const text = textOf(terminal, timeZone);
      const heads = wrapped(head, text.columns).map((line) => terminal.style("dim", line));
      const lines = [...heads, "", ...statusLines(status, text)];
      if (!isLive) {
        terminal.lines([...lines, ""]);
        continue;
      }
      if (!isOpen) stdout.write(OTHER_SCREEN);
      isOpen = true;
      stdout.write(`${CLEAR}${lines.join("\n")}\n${terminal.style("dim", "\nCtrl-C ends this; the agent goes on.")}`);
    }
  } catch (error) {
    // Ctrl-C is how one leaves.
    if (!signal.aborted) throw error;
  } finally {
    if (isOpen) stdout.write(FIRST_SCREEN);
  }
  return undefined;
}
