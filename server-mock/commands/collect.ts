/** `holdfast-server collect`: frees what no snapshot refers to any more. */
import { Command } from "commander";
import { HoldfastError } from "../../protocol/errors.ts";
import { readConfig } from "../config.ts";
import { lockDataFolder } from "../data-folder.ts";
import { collectAll } from "../domain/space/all-vaults.ts";
import type { CollectCounts } from "../domain/space/collect.ts";
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
      const onVault = (counts: CollectCounts) => rows.push({ ...counts });
      const report = await withDomain(data, async (domain) => {
        const away = dryRun ? undefined : keepServiceAway(data);
        try {
          return await collectAll(domain, { dryRun, all: now || dryRun, mayRepack: away !== undefined, onVault });
        } finally {
          away?.release();
        }
      });
      if (json) console.log(JSON.stringify({ ...report, items: rows }, null, 2));
      else print(rows, false);
    });

/** Until it is released no service starts on the folder; undefined: one is running, and does the rest itself. */
function keepServiceAway({ data, config }: DataOption): { release(): void } | undefined {
  try {
    return lockDataFolder(readConfig({ data, config }).data);
  } catch (error) {
    if (error instanceof HoldfastError && error.code === "service/running") return undefined;
    throw error;
  }
}
