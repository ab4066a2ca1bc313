/** The tables of the local state; forward only. */
export const MIGRATIONS: readonly string[] = [
  `CREATE TABLE head (sequence INTEGER NOT NULL, record BLOB NOT NULL, root BLOB NOT NULL);
   CREATE TABLE pages (id BLOB NOT NULL UNIQUE, plain BLOB NOT NULL, marks BLOB NOT NULL, generation INTEGER NOT NULL);
   CREATE INDEX pages_by_generation ON pages (generation);
   CREATE TABLE chunks (id BLOB PRIMARY KEY) WITHOUT ROWID;
   CREATE TABLE small_files (file BLOB PRIMARY KEY, chunk BLOB NOT NULL, offset INTEGER NOT NULL, length INTEGER NOT NULL) WITHOUT ROWID;
   CREATE INDEX small_files_by_chunk ON small_files (chunk);
   CREATE TABLE receipts (sequence INTEGER PRIMARY KEY, receipt BLOB NOT NULL);`,
];
