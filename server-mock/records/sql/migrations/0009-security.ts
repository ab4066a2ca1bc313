/** Failed attempts, log-ins of browsers, and log-ins that are good for one thing only. */
export const SECURITY = `
  CREATE TABLE attempts (key TEXT PRIMARY KEY, failures INTEGER NOT NULL, at INTEGER NOT NULL) STRICT;
  CREATE INDEX attemptsByAge ON attempts (at);
  ALTER TABLE tokens ADD COLUMN isCookie INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE tokens ADD COLUMN limitedTo TEXT;
  CREATE INDEX tokensByActor ON tokens (actor);
`;
