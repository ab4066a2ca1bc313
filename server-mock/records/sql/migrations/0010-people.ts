/** Wishes for new passwords. */
export const PEOPLE = `
  CREATE TABLE resetRequests (
    id TEXT PRIMARY KEY, login TEXT NOT NULL, subdomain TEXT, address TEXT NOT NULL, at INTEGER NOT NULL
  ) STRICT;
`;
