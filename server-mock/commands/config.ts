/** `holdfast-server config`: the settings in force, and where each of them comes from. */
import { Command } from "commander";
import { describe, readSettings } from "../config.ts";
import { settingRows } from "../settings/settings.ts";
import { CONFIG_OPTION, DATA_OPTION, type DataOption, print } from "./with-domain.ts";

export const configCommand = (): Command =>
  new Command("config")
    .description("settings in force, and where each of them comes from; secrets are not shown")
    .option(...DATA_OPTION)
    .option(...CONFIG_OPTION)
    .option("--json", "for programs")
    .action(({ json = false, ...options }: DataOption & { json?: boolean }) => {
      const { origins, shown } = readSettings({ ...options });
      const rows = settingRows().map(([name]) => ({
        setting: name,
        value: shown[name],
        from: describe(origins[name], "default"),
      }));
      print(rows, json);
    });
