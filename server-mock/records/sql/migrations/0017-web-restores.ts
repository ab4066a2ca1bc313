/** Restores from the browser: sessions, archives, orders. */
export const WEB_RESTORES = `
  CREATE TABLE webRestores (
    restore TEXT PRIMARY KEY REFERENCES restores, kind TEXT NOT NULL, account TEXT NOT NULL, machine TEXT NOT NULL, wish TEXT,
    bytesRequested INTEGER, downloads INTEGER NOT NULL, problems TEXT NOT NULL, problemCount INTEGER NOT NULL, heardAt INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX webRestoresByMachine ON webRestores (machine, kind, restore);
  CREATE INDEX restoresUnended ON restores (expiresAt) WHERE status IN ('ordered', 'running', 'ready');
  DROP INDEX restoresRunning;
`;
