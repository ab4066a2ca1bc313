/**
 * All rows from one database into another of the same version, of whichever kind. In the order of their keys, so that a copy that was cut goes on
 * behind the last row that arrived; afterwards both sides are read again and must be the same in every value.
 */
import { sql as raw } from "kysely";
import { sha256Stream } from "../../../base/digest.ts";
import { HoldfastError } from "../../../protocol/errors.ts";
import type { Sql } from "./database.ts";
import { describeTables, type Engine, type Table } from "./tables.ts";

/** Parameters of one statement; SQLite takes 32,766. */
const PARAMETERS_MAX = 20_000;
const ROWS_MAX = 500;

export interface OpenDatabase {
  readonly sql: Sql;
  readonly engine: Engine;
  close(): Promise<void>;
}

export interface TableSums {
  readonly rows: number;
  /** SHA-256 of all values in order of the key. */
  readonly digest: string;
}

type Row = Readonly<Record<string, unknown>>;
export type OnRows = (table: string, rows: number) => void;

/** Of every table with content. */
export async function countRows({ sql, engine }: OpenDatabase): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for (const { name } of await describeTables(sql, engine)) {
    const { rows } = await raw<{ count: number }>`SELECT COUNT(*) AS count FROM ${raw.table(name)}`.execute(sql);
    counts.set(name, Number(rows[0]?.count));
  }
  return counts;
}

export async function copyTables(from: OpenDatabase, to: OpenDatabase, onRows: OnRows): Promise<void> {
  for (const table of await describeTables(from.sql, from.engine)) {
    const arrived = await lastKey(to.sql, table);
    for await (const page of pagesOf(from.sql, table, arrived)) {
      const rows = page.map((row) => raw`(${raw.join(table.columns.map((column) => row[column]))})`);
      await raw`INSERT INTO ${raw.table(table.name)} (${refs(table.columns)}) VALUES ${raw.join(rows)}`.execute(to.sql);
      onRows(table.name, page.length);
    }
    await keepCounting(from, to, table);
  }
}

/** Throws `storage/differs`, naming the first table that is not the same on both sides. */
export async function compareTables(from: OpenDatabase, to: OpenDatabase, onRows: OnRows): Promise<number> {
  let total = 0;
  for (const table of await describeTables(from.sql, from.engine)) {
    const [source, target] = [await sumsOf(from.sql, table, onRows), await sumsOf(to.sql, table, onRows)];
    if (source.rows !== target.rows || source.digest !== target.digest)
      throw new HoldfastError("storage/differs", {
        what: `the table ${table.name}`,
        reason: `${source.rows} rows here, ${target.rows} there${source.rows === target.rows ? ", other values" : ""}`,
      });
    total += source.rows;
  }
  return total;
}

async function sumsOf(sql: Sql, table: Table, onRows: OnRows): Promise<TableSums> {
  const hash = sha256Stream();
  let rows = 0;
  for await (const page of pagesOf(sql, table, undefined)) {
    for (const row of page) hash.update(`${JSON.stringify(table.columns.map((column) => shown(row[column])))}\n`);
    rows += page.length;
    onRows(table.name, page.length);
  }
  return { rows, digest: hash.digest("hex") };
}

const shown = (value: unknown): unknown =>
  value instanceof Uint8Array ? { hex: Buffer.from(value).toString("hex") } : value;

async function* pagesOf(sql: Sql, table: Table, after: Row | undefined): AsyncGenerator<readonly Row[]> {
  const limit = Math.min(ROWS_MAX, Math.floor(PARAMETERS_MAX / table.columns.length));
  for (let last = after; ; ) {
    const behind =
      last === undefined ? raw`` : raw`WHERE (${refs(table.key)}) > (${raw.join(table.key.map((key) => last?.[key]))})`;
    const { rows } = await raw<Row>`
      SELECT ${refs(table.columns)} FROM ${raw.table(table.name)} ${behind} ORDER BY ${refs(table.key)} LIMIT ${limit}`.execute(
      sql,
    );
    if (rows.length > 0) yield rows;
    if (rows.length < limit) return;
    last = rows.at(-1);
  }
}

async function lastKey(sql: Sql, table: Table): Promise<Row | undefined> {
  const downwards = raw.join(table.key.map((column) => raw`${raw.ref(column)} DESC`));
  const { rows } = await raw<Row>`
    SELECT ${refs(table.key)} FROM ${raw.table(table.name)} ORDER BY ${downwards} LIMIT 1`.execute(sql);
  return rows[0];
}

/** Numbers that were given once are never given again, also when their rows are gone. */
async function keepCounting(from: OpenDatabase, to: OpenDatabase, { name, key }: Table): Promise<void> {
  const [column] = key;
  if (key.length !== 1 || column === undefined) return;
  const last = await lastNumber(from, name, column);
  if (last === undefined || last === 0) return;
  if (to.engine === "sqlite") {
    await raw`DELETE FROM sqlite_sequence WHERE name = ${name}`.execute(to.sql);
    await raw`INSERT INTO sqlite_sequence (name, seq) VALUES (${name}, ${last})`.execute(to.sql);
  } else {
    const table = `"${name}"`;
    await raw`SELECT setval(pg_get_serial_sequence(${table}, ${column}), ${last}::bigint)`.execute(to.sql);
  }
}

/** undefined: its rows are not numbered. */
async function lastNumber({ sql, engine }: OpenDatabase, table: string, column: string): Promise<number | undefined> {
  if (engine === "sqlite") {
    const { rows } = await raw<{ seq: number }>`SELECT seq FROM sqlite_sequence WHERE name = ${table}`.execute(sql);
    return rows[0]?.seq;
  }
  const quoted = `"${table}"`;
  const { rows } = await raw<{ sequence: string | null }>`
    SELECT pg_get_serial_sequence(${quoted}, ${column}) AS sequence`.execute(sql);
  const sequence = rows[0]?.sequence ?? undefined;
  if (sequence === undefined) return undefined;
  const state = await raw<{ last: number; called: boolean }>`
    SELECT last_value AS last, is_called AS called FROM ${raw.raw(sequence)}`.execute(sql);
  const { last, called } = state.rows[0] ?? { last: 0, called: false };
  return called ? Number(last) : 0;
}

const refs = (columns: readonly string[]) => raw.join(columns.map((column) => raw.ref(column)));
