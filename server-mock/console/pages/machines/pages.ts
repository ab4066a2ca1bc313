import type { PageRow } from "../page-row.ts";

export const machinePages: readonly PageRow[] = [];
