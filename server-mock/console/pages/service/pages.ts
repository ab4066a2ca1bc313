import type { PageRow } from "../page-row.ts";

export const servicePages: readonly PageRow[] = [];
