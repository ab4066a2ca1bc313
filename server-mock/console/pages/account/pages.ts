import type { PageRow } from "../page-row.ts";

export const accountPages: readonly PageRow[] = [];
