import type { PageRow } from "../page-row.ts";

export const adminPages: readonly PageRow[] = [];
