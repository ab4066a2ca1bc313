/** `holdfast-server collect`: frees what no snapshot refers to any more. */
import { Command } from "commander";
import { collectAll } from "../domain/space/all-vaults.ts";
import { CONFIG_OPTION, DATA_OPTION, type DataOption, print, withDomain } from "./with-domain.ts";

interface Options extends DataOption {
  readonly dryRun?: boolean;
  readonly now?: boolean;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  holdfast-server collect --dry-run   what would be condemned and freed, vault by vault; nothing is changed
  holdfast-server collect --now       all vaults, not only those in which something has changed since yesterday

The service does this every day by itself. What nobody refers to is condemned first, freed a day later, and its file removed a
week after that. Vaults with an open backup are left alone. May run beside the service.`;

export const collectCommand = (): Command =>
  new Command("collect")
    .description("free what no snapshot refers to any more")
    .option(...DATA_OPTION)
    .option(...CONFIG_OPTION)
    .option("--dry-run", "only tell")
    .option("--now", "look at all vaults")
    .option("--json", "for programs")
    .addHelpText("after", EXAMPLES)
    .action(async ({ dryRun = false, now = false, json = false, ...data }: Options) => {
      const rows: Record<string, string | number>[] = [];
      const report = await withDomain(data, (domain) =>
        collectAll(domain, { dryRun, all: now || dryRun, onVault: (counts) => rows.push({ ...counts }) }),
      );
      if (json) console.log(JSON.stringify({ ...report, items: rows }, null, 2));
      else print(rows, false);
    });
