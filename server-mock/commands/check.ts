/** `holdfast-server check`: whether database and storage say the same, and every snapshot has all it needs. */
import { Command } from "commander";
import { HoldfastError } from "../../protocol/errors.ts";
import { checkAll } from "../domain/space/check.ts";
import { liveLine } from "./live-line.ts";
import { CONFIG_OPTION, DATA_OPTION, type DataOption, withDomain } from "./with-domain.ts";

const EXAMPLES = `
Examples:
  holdfast-server check                 names what is missing, of a wrong size, unknown or miscounted
  holdfast-server check --json | jq .   for programs; the first 1,000 findings

Reads rows, names and sizes, no contents: \`holdfast-server scrub\` does that. May run beside the service.
Exit codes: 0 nothing was found, 8 something was.`;

export const checkCommand = (): Command =>
  new Command("check")
    .description("compare the database with the storage, and look whether snapshots have all they need")
    .option(...DATA_OPTION)
    .option(...CONFIG_OPTION)
    .option("--json", "for programs")
    .addHelpText("after", EXAMPLES)
    .action(async ({ json = false, ...data }: DataOption & { json?: boolean }) => {
      const line = liveLine(!json);
      const onVault = (done: number) => line.show(`${done} vaults`);
      const report = await withDomain(data, (domain) => checkAll(domain, { onVault }));
      line.clear();
      const { vaults, packs, snapshots, findings, count } = report;
      if (json) console.log(JSON.stringify(report, null, 2));
      else {
        for (const { kind, name, message } of findings) console.log(`${kind}  ${name}  ${message}`);
        console.log(`${vaults} vaults, ${packs} packs, ${snapshots} snapshots looked at; ${count} findings`);
      }
      if (count > 0) throw new HoldfastError("storage/unsound", { count });
    });
