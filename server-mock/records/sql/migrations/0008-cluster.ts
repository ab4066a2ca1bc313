/** Several processes on one database: who they are, whose promises are whose, which job had its turn. */
export const CLUSTER = `
  CREATE TABLE nodes (id TEXT PRIMARY KEY, startedAt INTEGER NOT NULL, seenAt INTEGER NOT NULL) STRICT;
  CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  CREATE TABLE jobTurns (name TEXT PRIMARY KEY, startedAt INTEGER NOT NULL, node TEXT NOT NULL) STRICT;
  ALTER TABLE reservations ADD COLUMN node TEXT NOT NULL DEFAULT '';
  CREATE INDEX reservationsByBlob ON reservations (blob);
  `;
