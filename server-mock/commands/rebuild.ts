/** `holdfast-server rebuild`: the database made anew from the storage. */
import { Command } from "commander";
import { readConfig } from "../config.ts";
import { lockDataFolder, makeDataFolder } from "../data-folder.ts";
import { type RebuildReport, rebuild } from "../domain/space/rebuild.ts";
import { enginesOf } from "../engines.ts";
import { openDomain } from "../open-domain.ts";
import { liveLine } from "./live-line.ts";
import { CONFIG_OPTION, DATA_OPTION, type DataOption } from "./with-domain.ts";

const EXAMPLES = `
Examples:
  holdfast-server rebuild --data ./service     after the database was lost: vaults, packs and snapshots from storage/ alone
  holdfast-server users create --data ./service --role owner you@example.com
                                               then a top-level admin, to move the machines to their users

Needs storage/ and keys/, and no running service. Adds what is missing and changes nothing that is there, so it may be run again, also
on an older copy of the database. Machines whose user is not known come under "Recovered"; they go on backing up by themselves.
Accounts, product keys, records of runs and audit rows are not in the storage: bring back a copy of the database for those. Nothing
of a rebuilt vault expires until somebody thaws it.`;

export const rebuildCommand = (): Command =>
  new Command("rebuild")
    .description("make the database of backups anew from the storage alone")
    .option(...DATA_OPTION)
    .option(...CONFIG_OPTION)
    .option("--json", "for programs")
    .addHelpText("after", EXAMPLES)
    .action(async ({ json = false, ...options }: DataOption & { json?: boolean }) => {
      const config = readConfig({ data: options.data, config: options.config });
      await makeDataFolder(config.data);
      const lock = lockDataFolder(config.data);
      try {
        const domain = await openDomain(config.data, { engines: enginesOf(config), mayAdopt: true });
        try {
          const line = liveLine(!json);
          const onProgress = (done: RebuildReport) =>
            line.show(`${done.vaults} vaults, ${done.packs} packs, ${done.snapshots} snapshots`);
          const report = await rebuild(domain, { onProgress });
          line.clear();
          print(report, json);
        } finally {
          await domain.records.close();
        }
      } finally {
        lock.release();
      }
    });

function print(report: RebuildReport, asJson: boolean): void {
  if (asJson) {
    console.log(JSON.stringify(report, null, 2));
    return;
  }
  const { vaults, recoveredMachines, packs, chunks, snapshots, problems } = report;
  for (const problem of problems) console.log(problem);
  console.log(`${vaults} vaults; ${packs} packs with ${chunks} chunks and ${snapshots} snapshots added`);
  if (recoveredMachines > 0) console.log(`${recoveredMachines} machines are under the user "Recovered"`);
}
