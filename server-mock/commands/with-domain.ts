/** Opens the rows of a data folder for one command; a service may be running on them. */
import { access } from "node:fs/promises";
import { HoldfastError } from "../../protocol/errors.ts";
import { CONFIG_FILE, readConfig } from "../config.ts";
import { databasePath } from "../data-folder.ts";
import type { Domain } from "../domain/domain.ts";
import { enginesOf } from "../engines.ts";
import { openDomain } from "../open-domain.ts";
import { openOutside } from "../open-outside.ts";

export interface DataOption {
  readonly data?: string;
  readonly config?: string;
}

export const DATA_OPTION = ["--data <folder>", "the service's folder (HOLDFAST_DATA)"] as const;
export const CONFIG_OPTION = ["--config <file>", `settings (HOLDFAST_CONFIG; ${CONFIG_FILE} if it is there)`] as const;

/** Who acts when nobody is logged in. */
export const OPERATOR = { actor: "holdfast-server" };

/** `mayMake`: a new folder is fine; else a mistyped one is told rather than made. */
export async function withDomain<T>(
  options: DataOption,
  work: (domain: Domain) => Promise<T>,
  { mayMake = false } = {},
): Promise<T> {
  const config = readConfig({ data: options.data, config: options.config });
  const engines = enginesOf(config);
  if (!mayMake && engines.databaseUrl === undefined) await checkExists(config.data);
  const domain = await openDomain(config.data, { engines, outside: openOutside(config) });
  try {
    return await work(domain);
  } finally {
    await domain.records.close();
  }
}

export async function checkExists(data: string): Promise<void> {
  await access(databasePath(data)).catch((error: unknown) => {
    const reason = "there is no service in it; `holdfast-server init` makes one";
    throw new HoldfastError("config/invalid", { setting: `the data folder ${data}`, reason }, { cause: error });
  });
}

/** Rows as columns for people, or as JSON. */
export function print(rows: readonly Readonly<Record<string, string | number>>[], asJson: boolean): void {
  if (asJson) console.log(JSON.stringify(rows, null, 2));
  else console.log(rows.length === 0 ? "none" : tableOf(rows));
}

function tableOf(rows: readonly Readonly<Record<string, string | number>>[]): string {
  const columns = Object.keys(rows[0] ?? {});
  const width = (column: string) => Math.max(column.length, ...rows.map((row) => String(row[column] ?? "").length));
  const line = (cell: (column: string) => string) =>
    columns
      .map((column) => cell(column).padEnd(width(column)))
      .join("  ")
      .trimEnd();
  const body = rows.map((row) => line((column) => String(row[column] ?? "")));
  return [line((column) => column), ...body].join("\n");
}
