import type { PageRow } from "../page-row.ts";

export const overviewPages: readonly PageRow[] = [];
