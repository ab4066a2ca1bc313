/** `holdfast-server scrub`: reads again what is stored. */
import { Command } from "commander";
import { BYTE_RATE_RULE, parseByteRate } from "../../base/byte-rate.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import { SCRUB_MS, type ScrubReport, scrub } from "../domain/space/scrub.ts";
import { liveLine } from "./live-line.ts";
import { CONFIG_OPTION, DATA_OPTION, type DataOption, withDomain } from "./with-domain.ts";

interface Options extends DataOption {
  readonly limitRate: string;
  readonly all?: boolean;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  holdfast-server scrub                     what was not read for 30 days
  holdfast-server scrub --all               everything, also what was read yesterday
  holdfast-server scrub --limit-rate 5M     5 MiB a second, to leave the disk to backups

What is damaged is put aside, and sent again by its machine's next backup if that still has it. May run beside the service.
Exit codes: 0 nothing is damaged, 8 something is.`;

export const scrubCommand = (): Command =>
  new Command("scrub")
    .description("read packs and records again, and put aside what is damaged")
    .option(...DATA_OPTION)
    .option(...CONFIG_OPTION)
    .option("--limit-rate <speed>", "bytes a second, like 20M; off: as fast as it goes", "off")
    .option("--all", "also what was read lately")
    .option("--json", "for programs")
    .addHelpText("after", EXAMPLES)
    .action(async ({ limitRate, all = false, json = false, ...data }: Options) => {
      const bytesPerSecond = parseByteRate(limitRate);
      if (bytesPerSecond === undefined)
        throw new HoldfastError("argument/invalid", { argument: `--limit-rate ${limitRate}`, reason: BYTE_RATE_RULE });
      const line = liveLine(!json);
      const onProgress = (done: ScrubReport) => line.show(`${done.packs} packs, ${done.records} records`);
      const wanted = { bytesPerSecond, olderThanMs: all ? 0 : SCRUB_MS, onProgress };
      const report = await withDomain(data, (domain) => scrub(domain, wanted));
      line.clear();
      const { packs, records, bytes, damaged } = report;
      if (json) console.log(JSON.stringify(report, null, 2));
      else {
        for (const each of damaged) console.log(`damaged: ${each}`);
        console.log(`${packs} packs (${bytes} bytes) and ${records} records read; ${damaged.length} damaged`);
      }
      if (damaged.length > 0) throw new HoldfastError("storage/unsound", { count: damaged.length });
    });
