/** `holdfast install-service`: the agent starts with the machine. Run again after an upgrade, or when folders or hooks in the settings changed. */
import { installUnit, planOwnUnit } from "../../agent/index.ts";
import type { Context } from "../context.ts";
import { type Define, examples } from "../define.ts";
import { shown } from "../names.ts";
import { type ScopeOptions, unitOptions, withScope } from "../unit-scope.ts";

interface Options extends ScopeOptions {
  readonly print?: boolean;
}

export const define: Define = (command, act) => {
  withScope(command)
    .option("--print", "show the unit and the commands, change nothing")
    .addHelpText(
      "after",
      `
On Linux a systemd unit, on macOS a launchd job, on Windows a scheduled task; each runs \`holdfast run\`, at low priority.
Run it again after an upgrade (the agent is restarted), and when you change the local copy, restore roots or hooks: the unit
allows the agent to write to its own folder and to those, and nowhere else.
${examples([
  ["sudo holdfast install-service", "for the whole machine"],
  ["holdfast install-service --user", "for your own files, without root"],
  ["holdfast install-service --print", "what it would do"],
])}`,
    )
    .action(act(install));
};

async function install(context: Context, options: Options): Promise<undefined> {
  const { terminal } = context;
  const wanted = unitOptions(context, options);
  if (options.print) {
    const { path, text, start } = await planOwnUnit(wanted);
    if (terminal.manner.json) {
      terminal.json({ path, text, commands: start });
      return;
    }
    terminal.line(`# ${shown(path)}`);
    terminal.line(text.trimEnd());
    terminal.lines(start.map((words) => `# then: ${shown(words.join(" "))}`));
    return;
  }
  const { unit, path, look, change } = await installUnit(wanted);
  if (terminal.manner.json) {
    terminal.json({ unit, path, scope: wanted.scope, change });
    return;
  }
  terminal.line(`${shown(unit)}: ${CHANGES[change]}`);
  terminal.note(`It stands in ${path}. How it is: holdfast status; ${look}`);
  if (process.platform === "linux" && wanted.scope === "user")
    terminal.note("To run also while you are not logged in: loginctl enable-linger");
}

const CHANGES = {
  installed: "installed and started",
  changed: "changed and restarted",
  restarted: "as it was, restarted",
} as const;
