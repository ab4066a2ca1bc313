/** Numbers that reports look at, and what each is unless somebody says otherwise; what they may be is the service's to say. */
import type { ReportParameters } from "../../../../protocol/messages/reports.ts";

export type ParameterName = keyof ReportParameters;

export const USUAL: Readonly<Record<ParameterName, string>> = { days: "3", percent: "80", sinceDays: "31" };

export const isParameter = (name: string): name is ParameterName => name in USUAL;

/** Of an address, or as usual. */
export const parametersOf = (choice: Readonly<Record<string, string>>): Record<ParameterName, string> => ({
  days: choice.days ?? USUAL.days,
  percent: choice.percent ?? USUAL.percent,
  sinceDays: choice.sinceDays ?? USUAL.sinceDays,
});
