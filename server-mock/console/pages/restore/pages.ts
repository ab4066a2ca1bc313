import type { PageRow } from "../page-row.ts";

export const restorePages: readonly PageRow[] = [];
