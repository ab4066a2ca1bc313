import type { PageRow } from "../page-row.ts";

export const recordPages: readonly PageRow[] = [];
