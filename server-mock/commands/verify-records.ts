/** `holdfast-server verify-records`: whether backup, restore and audit records are what they were when they were written. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { Command } from "commander";
import { z } from "zod";
import { HoldfastError } from "../../protocol/errors.ts";
import { type ChainHead, type RecordsVerified, verifyRecords } from "../domain/records/verify-records.ts";
import { CONFIG_OPTION, DATA_OPTION, type DataOption, withDomain } from "./with-domain.ts";

interface Options extends DataOption {
  readonly heads?: string;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  holdfast-server verify-records                          names every row that was edited, removed or added by hand
  holdfast-server verify-records --heads /mnt/usb/heads   also finds chains that were cut since the last look, and
                                                          notes where they end now

Exit codes: 0 all is as it was written, 8 something is not.`;

const headsFile = z.array(z.object({ chain: z.string(), count: z.int(), head: z.string() }));

export const verifyRecordsCommand = (): Command =>
  new Command("verify-records")
    .description("find records that were edited, removed or added behind the service's back")
    .option(...DATA_OPTION)
    .option(...CONFIG_OPTION)
    .option("--heads <file>", "compare with the ends of the chains noted there, then note the new ones")
    .option("--json", "for programs")
    .addHelpText("after", EXAMPLES)
    .action(async ({ heads, json = false, ...data }: Options) => {
      const verified = await withDomain(data, (domain) => verifyRecords(domain, { noted: readHeads(heads) }));
      const { troubles } = verified;
      if (json) console.log(JSON.stringify({ ...verified, heads: undefined }, null, 2));
      else print(verified);
      if (troubles.length > 0) throw new HoldfastError("records/changed", { count: troubles.length });
      if (heads !== undefined) writeFileSync(heads, `${JSON.stringify(verified.heads, null, 2)}\n`, { mode: 0o600 });
    });

function readHeads(path: string | undefined): ChainHead[] {
  if (path === undefined || !existsSync(path)) return [];
  const parsed = headsFile.safeParse(JSON.parse(readFileSync(path, "utf8")));
  if (!parsed.success) throw new HoldfastError("config/invalid", { setting: path, reason: "it does not hold heads" });
  return parsed.data;
}

function print({ chains, links, troubles }: RecordsVerified): void {
  for (const { chain, kind, subject, what } of troubles) console.log(`${what}: ${kind} ${subject} of ${chain}`);
  console.log(`${links} records in ${chains} chains looked at, ${troubles.length} not as they were written`);
}
