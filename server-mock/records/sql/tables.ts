/** Which tables a database has, as it says itself: names, columns, keys; a table stands behind those that it refers to. */
import { sql as raw } from "kysely";
import { bug } from "../../../protocol/errors.ts";
import type { Sql } from "./database.ts";

export type Engine = "sqlite" | "postgres";

export interface Table {
  readonly name: string;
  readonly columns: readonly string[];
  /** Columns of the primary key, in its order. */
  readonly key: readonly string[];
}

/** What each database keeps about itself, and what processes say of themselves. Facts are moved one by one. */
const NOT_CONTENT = new Set(["migrations", "facts", "nodes", "jobTurns"]);

export async function describeTables(sql: Sql, engine: Engine): Promise<Table[]> {
  const rows = engine === "sqlite" ? await sqliteColumns(sql) : await postgresColumns(sql);
  const references = engine === "sqlite" ? await sqliteReferences(sql) : await postgresReferences(sql);
  const tables = Map.groupBy(
    rows.filter(({ table }) => !NOT_CONTENT.has(table)),
    ({ table }) => table,
  );
  const described = Array.from(tables, ([name, columns]): Table => {
    const key = columns.filter(({ place }) => Number(place) > 0).toSorted((a, b) => Number(a.place) - Number(b.place));
    if (key.length === 0) return bug(`the table ${name} has no primary key`);
    return { name, columns: columns.map(({ name }) => name), key: key.map(({ name }) => name) };
  });
  return inOrder(described, references);
}

interface Column {
  readonly table: string;
  readonly name: string;
  /** In the primary key, from 1; 0: it is not part of it. */
  readonly place: number;
}

interface Reference {
  readonly table: string;
  readonly refersTo: string;
}

export function inOrder(tables: readonly Table[], references: readonly Reference[]): Table[] {
  const ordered: Table[] = [];
  const isDone = (name: string) => ordered.some((each) => each.name === name);
  for (let left = tables.toSorted((a, b) => (a.name < b.name ? -1 : 1)); left.length > 0; ) {
    const ready = left.filter(({ name }) =>
      references.every(({ table, refersTo }) => table !== name || refersTo === name || isDone(refersTo)),
    );
    if (ready.length === 0) return bug("tables refer to each other in a circle");
    ordered.push(...ready);
    left = left.filter((each) => !ready.includes(each));
  }
  return ordered;
}

async function sqliteColumns(sql: Sql): Promise<Column[]> {
  const { rows } = await raw<Column>`
    SELECT t.name AS "table", c.name AS name, c.pk AS place FROM sqlite_master t JOIN pragma_table_info(t.name) c
    WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' ORDER BY t.name, c.cid`.execute(sql);
  return rows;
}

async function sqliteReferences(sql: Sql): Promise<Reference[]> {
  const { rows } = await raw<Reference>`
    SELECT t.name AS "table", f."table" AS "refersTo" FROM sqlite_master t JOIN pragma_foreign_key_list(t.name) f
    WHERE t.type = 'table'`.execute(sql);
  return rows;
}

async function postgresColumns(sql: Sql): Promise<Column[]> {
  const { rows } = await raw<Column>`
    SELECT c.relname AS "table", a.attname AS name, COALESCE(array_position(i.indkey::int2[], a.attnum) + 1, 0) AS place
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
    WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace ORDER BY c.relname, a.attnum`.execute(
    sql,
  );
  return rows;
}

async function postgresReferences(sql: Sql): Promise<Reference[]> {
  const { rows } = await raw<Reference>`
    SELECT c.relname AS "table", f.relname AS "refersTo"
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class f ON f.oid = k.confrelid
    WHERE k.contype = 'f' AND c.relnamespace = current_schema()::regnamespace`.execute(sql);
  return rows;
}
