/** Makes the table of settings in docs/operations.md from server-mock/settings/settings.ts. */
import { readFileSync } from "node:fs";
import { optionOf, settingRows, variableOf } from "../server-mock/settings/settings.ts";

export const OPERATIONS = new URL("../docs/operations.md", import.meta.url);

const BEGIN = "<!-- settings: made by `npm run docs` -->";
const END = "<!-- /settings -->";

/** The page with the table as it must be. */
export function withSettings(page: string): string {
  const [before, rest] = page.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined)
    throw new Error("docs/operations.md has lost the marks of its table");
  return `${before}${BEGIN}\n${table()}\n${END}${after}`;
}

export const readOperations = (): string => readFileSync(OPERATIONS, "utf8");

function table(): string {
  const rows = settingRows().map(([name, { secret, value, says, ...setting }]) => {
    const option = secret ? "" : `\`${optionOf(name)} ${value}\``;
    const standard = setting.default === undefined || setting.default === "" ? "" : `\`${setting.default}\``;
    const cells = [`\`${name}\``, `\`${variableOf(name)}\``, option, standard, says];
    return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  });
  return ["| in the file | variable | option | default | what it does |", "|---|---|---|---|---|", ...rows].join("\n");
}
