/** Hash chains over records and audit rows; records that can be listed over all machines. */
export const CHAINS = `
  CREATE TABLE chains (chain TEXT PRIMARY KEY, count INTEGER NOT NULL, head BLOB NOT NULL) STRICT;
  CREATE TABLE chainLinks (
    chain TEXT NOT NULL, number INTEGER NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL, at INTEGER NOT NULL,
    digest BLOB NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (chain, number)
  ) STRICT;
  CREATE INDEX chainLinksBySubject ON chainLinks (kind, subject, number);
  CREATE INDEX backupsByEnd ON backups (state, id);
`;
