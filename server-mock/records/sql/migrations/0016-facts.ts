/** What the console's first page asks: what happened by kind, place and person; which runs go on; storage day by day. */
export const FACTS = `
  ALTER TABLE events ADD COLUMN userGroup TEXT;
  UPDATE events SET userGroup = (SELECT accounts.userGroup FROM accounts WHERE accounts.id = events.account);
  CREATE INDEX eventsByKind ON events (kind, id, organization, userGroup);
  CREATE INDEX eventsByOrganization ON events (organization, id);
  CREATE INDEX eventsByAccount ON events (account, id) WHERE account IS NOT NULL;
  CREATE INDEX backupsRunning ON backups (id) WHERE state = 'running';

  CREATE TABLE usageDays (
    holder TEXT NOT NULL, day INTEGER NOT NULL, level TEXT NOT NULL, usedBytes INTEGER NOT NULL, limitBytes INTEGER,
    PRIMARY KEY (holder, day)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX usageDaysByDay ON usageDays (day, holder);
`;
