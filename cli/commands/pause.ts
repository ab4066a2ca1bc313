/** `holdfast pause`: no backup until somebody resumes them, or until a time. */
import { askAgent } from "../../agent/index.ts";
import { type Context, optionError } from "../context.ts";
import { type Define, examples } from "../define.ts";
import { parseDuration } from "../durations.ts";
import { moment } from "../units.ts";

const FOREVER = Number.MAX_SAFE_INTEGER;

export const define: Define = (command, act) => {
  command
    .argument("[for]", "a time such as 30m, 2h, 1d; without it until `holdfast resume`")
    .addHelpText(
      "after",
      `\nA backup that runs stands still and goes on where it was.\n${examples([
        ["holdfast pause 2h", "during a presentation"],
        ["holdfast pause", "until `holdfast resume`"],
      ])}`,
    )
    .action(act(run));
};

async function run(context: Context, text?: string): Promise<undefined> {
  const { terminal, dataFolder, timeZone, signal } = context;
  const forMs = text === undefined ? undefined : parseDuration(text.replace(/^for\s+/, ""));
  if (text !== undefined && forMs === undefined)
    throw optionError(context, "for", `"${text}" is no time; say 30m, 2h or 1d, up to 366d`);
  for await (const answer of askAgent(dataFolder, { op: "pause", ...(forMs === undefined ? {} : { forMs }) }, signal)) {
    if (answer.kind !== "done") continue;
    const { pausedUntil = FOREVER } = answer;
    if (terminal.manner.json) terminal.json({ pausedUntil: pausedUntil === FOREVER ? null : pausedUntil });
    else
      terminal.line(
        pausedUntil === FOREVER
          ? "Backups are paused until `holdfast resume`."
          : `Backups are paused until ${moment(pausedUntil, timeZone)}; \`holdfast resume\` lets them go on before.`,
      );
  }
}
