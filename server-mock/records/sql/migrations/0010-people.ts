/** Wishes for new passwords; machines that have a limit are found without looking at all others. */
export const PEOPLE = `
  CREATE TABLE resetRequests (
    id TEXT PRIMARY KEY, login TEXT NOT NULL, subdomain TEXT, address TEXT NOT NULL, at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX machinesByLimit ON machines (organization, userGroup, kind, limitBytes) WHERE limitBytes IS NOT NULL;
  CREATE INDEX accountsDeleted ON accounts (id) WHERE state = 'deleted';
`;
