/** What became of machines: purged ones, codes for new hardware; and what agents are told to do (policies). */
export const MACHINES = `
  ALTER TABLE machines ADD COLUMN purgedAt INTEGER;
  CREATE INDEX machinesByDeletion ON machines (deletedAt, id);
  CREATE INDEX productKeysByUse ON productKeys (organization, machine, id);
  CREATE INDEX productKeysByMachine ON productKeys (machine);

  CREATE TABLE replacements (
    digest BLOB PRIMARY KEY, machine TEXT NOT NULL REFERENCES machines, madeBy TEXT NOT NULL, createdAt INTEGER NOT NULL,
    expiresAt INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX replacementsByMachine ON replacements (machine);

  CREATE TABLE policies (
    holder TEXT NOT NULL, kind TEXT NOT NULL, organization TEXT NOT NULL REFERENCES organizations, settings TEXT NOT NULL,
    version INTEGER NOT NULL, changedAt INTEGER NOT NULL, changedBy TEXT NOT NULL, PRIMARY KEY (holder, kind)
  ) STRICT;
  CREATE INDEX policiesByOrganization ON policies (organization);

  CREATE TABLE policyReceipts (
    machine TEXT PRIMARY KEY REFERENCES machines, tag TEXT NOT NULL, receivedAt INTEGER NOT NULL
  ) STRICT;
`;
