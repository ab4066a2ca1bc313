import type { PageRow } from "../page-row.ts";

export const policyPages: readonly PageRow[] = [];
