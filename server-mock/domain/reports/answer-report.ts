/** Reports as answers: the list of them, and one as it is made. */
import type { z } from "zod";
import {
  REPORT_NAMES,
  type ReportName,
  type ReportPreview,
  type reportList,
  type reportPreviewQuery,
  type reportQuery,
} from "../../../protocol/messages/reports.ts";
import type { Scope } from "../../records/records.ts";
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
type WantedPreview = z.output<typeof reportPreviewQuery> & { report: ReportName };

/** As much of it as is asked for; no more of it is made. Throws `group/missing`. */
export async function previewReport(
  domain: Domain,
  caller: ConsoleCaller,
  { report, rows: wanted, group, ...parameters }: WantedPreview,
): Promise<ReportPreview> {
  const { columns, pages } = REPORTS[report];
  const scope = await scopeOf(domain, caller, group);
  const rows: string[][] = [];
  for await (const page of pages(domain, { scope, parameters, now: domain.clock.now() })) {
    rows.push(...page);
    if (rows.length > wanted) break;
  }
  return { columns: [...columns], rows: rows.slice(0, wanted), isWhole: rows.length <= wanted };
}

/** Of what the caller may see. Throws `group/missing`. */
export async function answerReport(domain: Domain, caller: ConsoleCaller, { report, group, ...parameters }: Wanted) {
  const scope = await scopeOf(domain, caller, group);
  const file = reportFile(report, domain.clock.now());
  return {
    bytes: async (write: (piece: Uint8Array) => Promise<void>) => {
      for await (const piece of reportPieces(domain, report, { scope, parameters })) await write(piece);
    },
    headers: { "content-disposition": `attachment; filename="${file}"`, "x-content-type-options": "nosniff" },
  };
}

/** What the caller may see, or one group of it. */
async function scopeOf(domain: Domain, caller: ConsoleCaller, group: string | undefined): Promise<Scope> {
  if (group === undefined) return caller.scope;
  await getGroup(domain.records, caller, group);
  return { ...caller.scope, groups: [group] };
}
