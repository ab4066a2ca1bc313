/** Retention, collection, scrubbing: states of snapshots, packs and chunks, and what people decided about them. */
export const SPACE = `
  ALTER TABLE snapshots ADD COLUMN state TEXT NOT NULL DEFAULT 'kept';
  ALTER TABLE snapshots ADD COLUMN stateAt INTEGER;
  ALTER TABLE snapshots ADD COLUMN scrubbedAt INTEGER;
  UPDATE snapshots SET scrubbedAt = receivedAt;
  CREATE INDEX snapshotsByScrub ON snapshots (scrubbedAt);
  CREATE INDEX snapshotsPruned ON snapshots (stateAt) WHERE state = 'pruned';

  ALTER TABLE packs ADD COLUMN stateAt INTEGER;
  ALTER TABLE packs ADD COLUMN scrubbedAt INTEGER;
  ALTER TABLE packs ADD COLUMN deadBytes INTEGER NOT NULL DEFAULT 0;
  UPDATE packs SET scrubbedAt = receivedAt;
  CREATE INDEX packsByScrub ON packs (scrubbedAt, number);
  CREATE INDEX packsInTrash ON packs (stateAt) WHERE state = 'trash';

  ALTER TABLE chunks ADD COLUMN condemnedAt INTEGER;
  ALTER TABLE chunks ADD COLUMN lostAt INTEGER;
  ALTER TABLE chunkLinks ADD COLUMN chunk BLOB;
  CREATE INDEX chunkLinksByChunk ON chunkLinks (chunk);

  CREATE TABLE spaces (
    vault INTEGER PRIMARY KEY, isDue INTEGER NOT NULL, collectedAt INTEGER, referencedBytes INTEGER, measuredAt INTEGER, heldBytes INTEGER,
    heldAt INTEGER, confirmedBytes INTEGER NOT NULL, frozenAt INTEGER, frozenReason TEXT, watchedSequence INTEGER NOT NULL,
    losses INTEGER NOT NULL, card TEXT, purgedAt INTEGER
  ) STRICT;
  CREATE INDEX spacesDue ON spaces (vault) WHERE isDue = 1;
  CREATE INDEX spacesPurged ON spaces (purgedAt) WHERE purgedAt IS NOT NULL;
  CREATE TABLE retentionRules (
    holder TEXT PRIMARY KEY, organization TEXT NOT NULL, rule TEXT NOT NULL, changedAt INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE pins (
    vault INTEGER NOT NULL, sequence INTEGER NOT NULL, reason TEXT NOT NULL, madeBy TEXT NOT NULL, madeAt INTEGER NOT NULL,
    PRIMARY KEY (vault, sequence)
  ) STRICT;
  CREATE TABLE holds (
    id TEXT PRIMARY KEY, organization TEXT NOT NULL, level TEXT NOT NULL, holder TEXT NOT NULL, reason TEXT NOT NULL,
    madeBy TEXT NOT NULL, madeAt INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX holdsByHolder ON holds (holder);
  CREATE INDEX holdsByOrganization ON holds (organization, id);
  CREATE TABLE damages (
    id TEXT PRIMARY KEY, vault INTEGER NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, reason TEXT NOT NULL, chunks INTEGER NOT NULL,
    snapshots TEXT NOT NULL, foundAt INTEGER NOT NULL, state TEXT NOT NULL, healedAt INTEGER
  ) STRICT;
  CREATE INDEX damagesByVault ON damages (vault, id);
  CREATE INDEX damagesOpen ON damages (vault) WHERE state = 'open';
  CREATE TABLE jobRuns (
    name TEXT PRIMARY KEY, startedAt INTEGER NOT NULL, endedAt INTEGER, succeededAt INTEGER, code TEXT, message TEXT, result TEXT NOT NULL
  ) STRICT;
`;
