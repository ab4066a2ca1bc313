import type { PageRow } from "../page-row.ts";

export const groupPages: readonly PageRow[] = [];
