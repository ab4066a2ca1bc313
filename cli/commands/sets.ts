/** `holdfast sets`: what is backed up, by named sets. */
import { resolve } from "node:path";
import type { Command } from "commander";
import { addSet, type HeldSet, listDefaults, listSets, removeSet, suggestSets } from "../../agent/index.ts";
import { BYTE_SIZE_RULE, parseByteSize } from "../../base/byte-size.ts";
import type { BackupSet, FileRules } from "../../protocol/messages/policies.ts";
import { type Context, optionError } from "../context.ts";
import { type Define, examples } from "../define.ts";
import { namedRoot } from "../named-root.ts";
import { shown } from "../names.ts";
import { table } from "../table.ts";
import { setWords } from "../words/set-rules.ts";
import { showWords } from "../words/words.ts";

interface ListOptions {
  readonly defaults?: boolean;
  readonly suggest?: boolean;
}

interface AddOptions {
  readonly exclusionary?: boolean;
  readonly includePath?: readonly string[];
  readonly includeName?: readonly string[];
  readonly includeType?: readonly string[];
  readonly excludePath?: readonly string[];
  readonly excludeName?: readonly string[];
  readonly excludeType?: readonly string[];
  readonly largerThan?: string;
  readonly smallerThan?: string;
  readonly olderThan?: string;
  readonly newerThan?: string;
}

export const define: Define = (command: Command, act) => {
  command.addHelpText(
    "after",
    `${RULES}\n${examples([
      ["holdfast sets", "what is backed up, and who says so"],
      ["holdfast sets add Office ~/work --exclude-type tmp --exclude-name node_modules", "a set besides the others"],
      ["holdfast sets add Letters /srv/share --include-type doc --include-type pdf", "nothing else below the folder"],
      ["holdfast sets add Never / --exclusionary --include-type iso --larger-than 20G", "out of all sets"],
      ["holdfast sets remove Never", "as if it had never been said"],
      ["holdfast sets --suggest", "what this machine could begin with"],
      ["holdfast sets --defaults", "what is left out on this system anyway"],
      ["holdfast ignore-test ~/work/film.iso", "which rule of which set decides"],
    ])}`,
  );
  command
    .command("list", { isDefault: true })
    .description("Show all sets that count.")
    .option("--defaults", "show what is left out on this kind of system unless a folder of a set names it itself")
    .option("--suggest", "show what this machine could back up; nothing is changed")
    .action(act(list));
  command
    .command("add")
    .description("Back up more, or leave something out of all sets.")
    .argument("<name>", "of the set")
    .argument("<folders...>", "folders or files")
    .option("--exclusionary", "what the set takes is left out of all sets")
    .option("--include-path <path>", "only this, with everything below; repeatable", collect)
    .option("--include-name <name>", "only files and folders of this name, with * and ?; repeatable", collect)
    .option("--include-type <ending>", "only files with this ending; repeatable", collect)
    .option("--exclude-path <path>", "not this, with everything below; repeatable", collect)
    .option("--exclude-name <name>", "not files and folders of this name; repeatable", collect)
    .option("--exclude-type <ending>", "not files with this ending; repeatable", collect)
    .option("--larger-than <size>", "not files that are larger, such as 2G (of an exclusionary set: these)")
    .option("--smaller-than <size>", "not files that are smaller (of an exclusionary set: these)")
    .option("--older-than <days>", "not files that were changed longer ago (of an exclusionary set: these)")
    .option("--newer-than <days>", "not files that were changed since (of an exclusionary set: these)")
    .addHelpText("after", RULES)
    .action(act(add));
  command
    .command("remove")
    .description("Forget a set of this machine; its files leave the next snapshot.")
    .argument("<name>", "of the set")
    .action(act(remove));
};

const RULES = `
A set takes what is below its folders: everything, or what any of its include rules fits, but nothing that any of
its exclude rules fits. Rules of paths and names count for everything below, too. What any set takes is backed up,
except what an exclusionary set takes. Ages are of the last change of a file. .holdfastignore files and patterns of
\`holdfast backup --exclude\` leave out of all sets.`;

const collect = (value: string, before: readonly string[] = []): string[] => [...before, value];

async function list(context: Context, options: ListOptions): Promise<undefined> {
  if (options.defaults) return await tellDefaults(context);
  if (options.suggest) return await tellSuggested(context);
  const { terminal, dataFolder } = context;
  const sets = await listSets(dataFolder);
  if (terminal.manner.json) for (const set of sets) terminal.json(set);
  else if (sets.length === 0)
    terminal.note("None yet: name folders with `holdfast backup <folder>`, or see `holdfast sets --suggest`.");
  else
    terminal.lines(
      table<HeldSet>(
        [
          { title: "set", value: ({ name }) => shown(name) },
          { title: "said by", value: ({ origin }) => (origin === "local" ? "this machine" : `policy (${origin})`) },
          { title: "what", value: (set) => shown(setWords(set)) },
        ],
        sets,
      ),
    );
}

async function tellDefaults({ terminal }: Context): Promise<undefined> {
  const rules = await listDefaults();
  if (terminal.manner.json) for (const rule of rules) terminal.json(rule);
  else
    terminal.lines(
      table(
        [
          {
            title: "left out",
            value: ({ pattern, except }) => [pattern, ...(except ?? []).map((name) => `not ${name}`)].join(", "),
          },
          { title: "because", value: ({ reason }) => reason },
        ],
        rules,
      ),
    );
  terminal.note(
    "Also folders with a CACHEDIR.TAG and file systems that the kernel makes up. Whatever a set names as its folder itself is backed up; `holdfast settings set defaults off` ends all this.",
  );
}

async function tellSuggested({ terminal }: Context): Promise<undefined> {
  const sets = await suggestSets();
  if (terminal.manner.json) for (const set of sets) terminal.json(set);
  else if (sets.length === 0) terminal.note("Nothing: none of the usual folders is there.");
  else
    for (const { name, roots, exclude } of sets) {
      const words = [name, ...roots, ...exclude.paths.flatMap((path) => ["--exclude-path", path])];
      terminal.line(`holdfast sets add ${shown(showWords(words))}`);
    }
  if (sets.length > 0)
    terminal.note("Databases that run need a dump (docs/agent.md, hooks): their files alone may not fit together.");
}

async function add(context: Context, name: string, folders: string[], options: AddOptions): Promise<undefined> {
  const { terminal, dataFolder } = context;
  const exclusionary = options.exclusionary ?? false;
  const roots: string[] = [];
  for (const folder of folders) roots.push(exclusionary ? resolve(folder) : await namedRoot(resolve(folder), terminal));
  const limits = limitsOf(context, options);
  const include = {
    ...rules(options.includePath, options.includeName, options.includeType),
    ...(exclusionary ? limits : NO_LIMITS),
  };
  const exclude = {
    ...rules(options.excludePath, options.excludeName, options.excludeType),
    ...(exclusionary ? NO_LIMITS : limits),
  };
  const set: BackupSet = { name, exclusionary, roots: Array.from(new Set(roots)), include, exclude };
  await addSet(dataFolder, set);
  if (terminal.manner.json) terminal.json({ added: set });
  else terminal.line(`Added ${shown(name)}: ${shown(setWords(set))}`);
}

async function remove({ terminal, dataFolder }: Context, name: string): Promise<undefined> {
  await removeSet(dataFolder, name);
  if (terminal.manner.json) terminal.json({ removed: name });
  else terminal.line(`Removed ${shown(name)}. Its files leave the next snapshot; earlier ones keep them.`);
}

const NO_LIMITS = { largerThanBytes: null, smallerThanBytes: null, olderThanDays: null, newerThanDays: null };

const rules = (
  paths: readonly string[] = [],
  names: readonly string[] = [],
  types: readonly string[] = [],
): Pick<FileRules, "paths" | "names" | "types"> => ({
  paths: paths.map((path) => resolve(path)),
  names: [...names],
  types: types.map((type) => type.replace(/^\./, "")),
});

function limitsOf(
  context: Context,
  options: AddOptions,
): typeof NO_LIMITS | Omit<FileRules, "paths" | "names" | "types"> {
  const bytes = (option: string, text: string | undefined): number | null => {
    if (text === undefined) return null;
    const parsed = parseByteSize(text);
    if (parsed === undefined) throw optionError(context, option, BYTE_SIZE_RULE);
    return parsed;
  };
  const days = (option: string, text: string | undefined): number | null => {
    if (text === undefined) return null;
    const [, number] = /^(\d{1,5})(?:d| ?days?)?$/.exec(text) ?? [];
    if (number === undefined || Number(number) > 36_500) throw optionError(context, option, "say days, such as 365");
    return Number(number);
  };
  return {
    largerThanBytes: bytes("--larger-than", options.largerThan),
    smallerThanBytes: bytes("--smaller-than", options.smallerThan),
    olderThanDays: days("--older-than", options.olderThan),
    newerThanDays: days("--newer-than", options.newerThan),
  };
}
