/** A report as CSV, made while it is read. */
import { Readable } from "node:stream";
import type { ReportName, ReportParameters } from "../../../protocol/messages/reports.ts";
import type { OutgoingMail } from "../../mail/post.ts";
import type { MailRow } from "../../records/notice-rows.ts";
import type { Scope } from "../../records/records.ts";
import type { Domain } from "../domain.ts";
import { csvPieces } from "./csv.ts";
import { REPORTS } from "./reports.ts";

export function reportPieces(
  domain: Domain,
  name: ReportName,
  run: { readonly scope: Scope; readonly parameters: ReportParameters },
): AsyncGenerator<Buffer> {
  const { columns, pages } = REPORTS[name];
  return csvPieces(columns, pages(domain, { ...run, now: domain.clock.now() }));
}

/** `machine-details-2026-11-22.csv` */
export const reportFile = (name: ReportName, now: number): string =>
  `${name}-${new Date(now).toISOString().slice(0, 10)}.csv`;

/** What a queued mail carries until it is sent. Written and read here only. */
export interface ReportAttachment {
  readonly report: ReportName;
  readonly parameters: ReportParameters;
  readonly scope: Scope;
  readonly file: string;
}

export async function openReportAttachment(domain: Domain, mail: MailRow): Promise<OutgoingMail["attachment"]> {
  if (mail.attachment === null) return undefined;
  const { report, parameters, scope, file } = JSON.parse(mail.attachment) as ReportAttachment; // As `schedules` wrote it.
  return { name: file, media: "text/csv", content: Readable.from(reportPieces(domain, report, { scope, parameters })) };
}
