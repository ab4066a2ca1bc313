/** The tables of the local state; forward only. */
export const MIGRATIONS: readonly string[] = [
  `CREATE TABLE head (sequence INTEGER NOT NULL, record BLOB NOT NULL, root BLOB NOT NULL, files INTEGER NOT NULL, bytes INTEGER NOT NULL);
   CREATE TABLE pages (id BLOB NOT NULL UNIQUE, plain BLOB NOT NULL, marks BLOB NOT NULL, generation INTEGER NOT NULL);
   CREATE INDEX pages_by_generation ON pages (generation);
   CREATE TABLE chunks (id BLOB PRIMARY KEY) WITHOUT ROWID;
   CREATE TABLE bundles (id BLOB NOT NULL UNIQUE, files BLOB NOT NULL);
   CREATE TABLE receipts (sequence INTEGER PRIMARY KEY, receipt BLOB NOT NULL);`,
  `DELETE FROM bundles;
   ALTER TABLE bundles ADD COLUMN digest BLOB NOT NULL DEFAULT x'';`,
  // A row while a run is under way, or was cut before its commit.
  "CREATE TABLE unfinished (run INTEGER PRIMARY KEY CHECK (run = 1));",
  `DROP INDEX pages_by_generation;
   ALTER TABLE pages DROP COLUMN generation;
   ALTER TABLE head ADD COLUMN scannedAt INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE head ADD COLUMN selection BLOB NOT NULL DEFAULT x'';
   ALTER TABLE head ADD COLUMN isPatchable INTEGER NOT NULL DEFAULT 0;
   CREATE TABLE unsettled (path BLOB NOT NULL);
   CREATE TABLE lists (id BLOB PRIMARY KEY, links BLOB NOT NULL) WITHOUT ROWID;
   CREATE TABLE stale (bundle BLOB PRIMARY KEY) WITHOUT ROWID;
   CREATE TABLE swept (sweep INTEGER PRIMARY KEY CHECK (sweep = 1), chunks INTEGER NOT NULL, bundles INTEGER NOT NULL);`,
  // How often the service had lost chunks when all its ids were asked for last.
  "CREATE TABLE losses (losses INTEGER NOT NULL);",
  // On which device each root and mount point was at the last backup.
  "CREATE TABLE devices (path BLOB PRIMARY KEY, device TEXT NOT NULL) WITHOUT ROWID;",
  // Of a hundred bytes of files so many are stored; an average of the last runs.
  "CREATE TABLE stored (percent INTEGER NOT NULL);",
];
