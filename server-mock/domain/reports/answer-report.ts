/** Reports as answers: the list of them, and one as it is made. */
import type { z } from "zod";
import {
  REPORT_NAMES,
  type ReportName,
  type reportList,
  type reportQuery,
} from "../../../protocol/messages/reports.ts";
import { getGroup } from "../access/access.ts";
import type { ConsoleCaller } from "../access/callers.ts";
import type { Domain } from "../domain.ts";
import { REPORTS } from "./reports.ts";
import { reportFile, reportPieces } from "./run-report.ts";

export const listReports = (): z.infer<typeof reportList> => ({
  items: REPORT_NAMES.map((name) => {
    const { title, columns, parameters } = REPORTS[name];
    return { name, title, columns: [...columns], parameters: [...parameters] };
  }),
});

type Wanted = z.output<typeof reportQuery> & { report: ReportName };

/** Of what the caller may see. Throws `group/missing`. */
export async function answerReport(domain: Domain, caller: ConsoleCaller, { report, group, ...parameters }: Wanted) {
  if (group !== undefined) await getGroup(domain.records, caller, group);
  const scope = group === undefined ? caller.scope : { ...caller.scope, groups: [group] };
  const file = reportFile(report, domain.clock.now());
  return {
    bytes: async (write: (piece: Uint8Array) => Promise<void>) => {
      for await (const piece of reportPieces(domain, report, { scope, parameters })) await write(piece);
    },
    headers: { "content-disposition": `attachment; filename="${file}"`, "x-content-type-options": "nosniff" },
  };
}
