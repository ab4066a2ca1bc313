/** `holdfast settings`: what this machine's owner says about it. A running agent takes a change over by itself. */
import { existsSync } from "node:fs";
import { changeSetting, loadSettings, policyState, type Settings } from "../../agent/index.ts";
import type { Context } from "../context.ts";
import { type Define, examples } from "../define.ts";
import { shown } from "../names.ts";
import { findForm, SETTING_FORMS, type SettingForm } from "../setting-forms.ts";
import { table } from "../table.ts";
import { BANDWIDTH_EXAMPLES } from "../words/bandwidth.ts";
import { SCHEDULE_EXAMPLES } from "../words/schedules.ts";
import { Words } from "../words/words.ts";

export const define: Define = (command, act) => {
  command
    .addHelpText(
      "after",
      `\nSettings, and how each is written:\n${HOW}\n\nWhat is too rich for words is JSON, as in settings.json.`,
    )
    .addHelpText(
      "after",
      examples([
        ["holdfast settings", "all of them, and which an administrator has locked"],
        ...SCHEDULE_EXAMPLES.map(([words, what]) => [`holdfast settings set schedule ${words}`, what] as const),
        ...BANDWIDTH_EXAMPLES.map(([words, what]) => [`holdfast settings set bandwidth ${words}`, what] as const),
        ["holdfast settings set conditions.on-battery wait", "backups wait for the plug"],
        ["holdfast settings set local-copy /mnt/disk --cap 500G", "a second copy, on a disk of yours"],
        ["holdfast settings unset bandwidth", "as the service's policy says, or the default"],
      ]),
    );
  command.command("list", { isDefault: true }).description("Show all settings of this machine.").action(act(list));
  command.command("get").description("Show one setting.").argument("<name>", "its name").action(act(get));
  command
    .command("set")
    .description("Change one setting.")
    .argument("<name>", "its name")
    .argument("<value...>", "as `holdfast settings --help` shows")
    .option("--cap <size>", "of local-copy: it grows no larger, such as 500G")
    .option("--keep <policy>", "of local-copy: how long, such as 3-months")
    .action(act(set));
  command
    .command("unset")
    .description("Forget what this machine says; the service's policy or the default holds.")
    .argument("<name>", "its name")
    .action(act(unset));
};

const HOW = table(
  [
    { title: "", value: ({ name }: SettingForm) => `  ${name}` },
    { title: "", value: ({ how }) => how },
  ],
  SETTING_FORMS,
)
  .slice(1)
  .join("\n");

async function list({ terminal, dataFolder }: Context): Promise<undefined> {
  const settings = await loadSettings(dataFolder);
  const { locks } = await policyState(dataFolder, { ask: false });
  if (terminal.manner.json) {
    terminal.json(Object.fromEntries(SETTING_FORMS.map(({ key }) => [key, settings[key] ?? null])));
    return;
  }
  const lockNote = (form: SettingForm): string => {
    const by = locks[form.key];
    if (by === undefined) return "";
    return `locked by ${shown(by)}${form.show(settings) === undefined ? "" : ", does not count"}`;
  };
  terminal.lines(
    table(
      [
        { title: "setting", value: ({ name }: SettingForm) => name },
        { title: "value", value: (form) => shown(form.show(settings) ?? "-") },
        { title: "", value: lockNote },
      ],
      SETTING_FORMS,
    ),
  );
  terminal.note("What holds in the end, and who says so: `holdfast policy`.");
}

async function get({ terminal, dataFolder }: Context, name: string): Promise<undefined> {
  const form = findForm(name);
  const settings = await loadSettings(dataFolder);
  if (terminal.manner.json) terminal.json({ setting: form.name, value: form.read(settings) ?? null });
  else terminal.line(shown(form.show(settings) ?? "not set"));
}

interface SetOptions {
  readonly cap?: string;
  readonly keep?: string;
}

async function set(context: Context, name: string, values: string[], { cap, keep }: SetOptions): Promise<undefined> {
  const form = findForm(name);
  const options = [...(cap === undefined ? [] : ["--cap", cap]), ...(keep === undefined ? [] : ["--keep", keep])];
  const words = new Words(form.name, [...values, ...options]);
  const value = words.end(form.parse(words, await loadSettings(context.dataFolder)));
  await tell(context, form, await changeSetting(context.dataFolder, { setting: form.key, value, shownAs: form.name }));
}

/** Those that a setting names, which may lie on a disk that isn't plugged in. */
function foldersOf({ key }: SettingForm, { roots = [], local }: Settings): readonly string[] {
  if (key === "roots") return roots;
  return key === "local" && local ? [local.folder] : [];
}

async function unset(context: Context, name: string): Promise<undefined> {
  const form = findForm(name);
  const value = form.without?.(await loadSettings(context.dataFolder));
  await tell(context, form, await changeSetting(context.dataFolder, { setting: form.key, value, shownAs: form.name }));
}

async function tell({ terminal, dataFolder }: Context, form: SettingForm, settings: Settings): Promise<void> {
  const value = form.show(settings);
  if (terminal.manner.json) return terminal.json({ setting: form.name, value: form.read(settings) ?? null });
  terminal.line(value === undefined ? `${form.name} is not set` : `${form.name}: ${shown(value)}`);
  const { config } = await policyState(dataFolder, { ask: false });
  for (const folder of foldersOf(form, settings))
    if (!existsSync(folder)) terminal.note(`${shown(folder)} is not there now; it counts from when it is.`);
  if (form.key === "local" && settings.local !== undefined && config.local.value === undefined)
    terminal.note("It does not count while locations are cloud-only: `holdfast policy` says who wants that.");
}
