import type { PageRow } from "../page-row.ts";

export const reportPages: readonly PageRow[] = [];
