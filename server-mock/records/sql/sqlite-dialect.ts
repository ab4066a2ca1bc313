/** kysely on `base/sqlite.ts`. Statements are kept prepared: the pack path runs the same few again and again. */
import { SqliteDialect } from "kysely";
import type { Sqlite } from "../../../base/sqlite.ts";
import { HoldfastError } from "../../../protocol/errors.ts";

const STATEMENTS_MAX = 256;
const FULL = 13;

interface Prepared {
  readonly statement: ReturnType<Sqlite["prepare"]>;
  /** It answers rows. */
  readonly reader: boolean;
}
type Parameters = Parameters_[];
type Parameters_ = string | number | bigint | Uint8Array | null;

export function sqliteDialect(db: Sqlite): SqliteDialect {
  const prepared = new Map<string, Prepared>();
  const prepare = (sql: string): Prepared => {
    const statement = db.prepare(sql);
    // Asked once: describing forty columns takes longer than reading a row.
    return { statement, reader: statement.columns().length > 0 };
  };
  const statementOf = (sql: string): Prepared => {
    // "immediate": a transaction that would write later must not start on a view that is already old.
    const found = prepared.get(sql) ?? prepare(sql === "begin" ? "begin immediate" : sql);
    prepared.delete(sql);
    prepared.set(sql, found);
    if (prepared.size > STATEMENTS_MAX) prepared.delete(prepared.keys().next().value ?? "");
    return found;
  };
  return new SqliteDialect({
    database: {
      prepare(sql) {
        const { statement, reader } = naming(() => statementOf(sql));
        return {
          reader,
          all: (values) => naming(() => statement.all(...(values as Parameters))), // The stores bind nothing else.
          run: (values) => naming(() => statement.run(...(values as Parameters))),
          iterate: (values) => statement.iterate(...(values as Parameters)),
        };
      },
      close: () => db.close(),
    },
  });
}

/** The disk's trouble gets our names; everything else is a bug and passes as it is. */
function naming<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    const code = error instanceof Error && "errcode" in error ? Number(error.errcode) : 0;
    if (code === FULL) throw new HoldfastError("storage/full", {}, { cause: error });
    // SQLite's primary codes: BUSY, LOCKED, IOERR, CORRUPT, CANTOPEN, READONLY, NOTADB.
    if ([5, 6, 10, 11, 14, 8, 26].includes(code & 0xff))
      throw new HoldfastError("storage/failed", { reason: `the database (${code})` }, { cause: error });
    throw error;
  }
}
