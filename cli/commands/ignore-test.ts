/** `holdfast ignore-test`: which rule decides about a path. */
import { resolve, sep } from "node:path";
import { explainIgnore, findSettings } from "../../agent/index.ts";
import type { Context } from "../context.ts";
import { type Define, examples } from "../define.ts";
import { shown } from "../names.ts";

export const define: Define = (command, act) => {
  command
    .argument("<paths...>", "files or folders, whether they exist or not")
    .option("--exclude <pattern>", "as if this were excluded too; repeatable", (value, before: string[] = []) => [
      ...before,
      value,
    ])
    .addHelpText(
      "after",
      examples([
        ["holdfast ignore-test ~/documents/draft.tmp", "is it backed up, and if not, why"],
        ["holdfast ignore-test --exclude '*.tmp' ~/documents/draft.tmp", "would this pattern leave it out"],
      ]),
    )
    .action(act(run));
};

async function run(context: Context, paths: string[], options: { exclude?: string[] }): Promise<undefined> {
  const { terminal, dataFolder } = context;
  const settings = await findSettings(dataFolder);
  const excludes = [...(settings?.excludes ?? []), ...(options.exclude ?? [])];
  const roots = settings?.roots ?? [];
  for (const path of paths.map((each) => resolve(each))) {
    const { ignored, rule, matched } = await explainIgnore({ path, excludes, roots });
    const isSelected = roots.some((root) => path === root || path.startsWith(root.endsWith(sep) ? root : root + sep));
    if (terminal.manner.json) {
      terminal.json({ path, ignored, selected: isSelected, rule, matched });
      continue;
    }
    const kept = isSelected ? terminal.style("green", "backed up") : "not left out, but in no folder that is backed up";
    const verdict = ignored ? terminal.style("yellow", "left out") : kept;
    const why = rule ? `${shown(rule.source)}, line ${rule.line}: ${shown(rule.pattern)}` : "no rule matches";
    const through = rule && matched !== path ? ` (matches ${shown(matched)})` : "";
    terminal.line(`${shown(path)}: ${verdict}; ${why}${through}`);
  }
}
