/** Organizations, accounts, machines, vaults, packs, records: what the first release began with. */
export const FIRST = `
  CREATE TABLE organizations (
    id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, limitBytes INTEGER, usedBytes INTEGER NOT NULL, createdAt INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE accounts (
    id TEXT PRIMARY KEY, organization TEXT REFERENCES organizations, role TEXT NOT NULL, email TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL, password TEXT NOT NULL, state TEXT NOT NULL, limitBytes INTEGER, usedBytes INTEGER NOT NULL,
    desktopDevices INTEGER NOT NULL, serverDevices INTEGER NOT NULL, createdAt INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX accountsByOrganization ON accounts (organization, id);
  CREATE TABLE machines (
    id TEXT PRIMARY KEY, organization TEXT NOT NULL REFERENCES organizations, account TEXT NOT NULL REFERENCES accounts,
    name TEXT NOT NULL, os TEXT NOT NULL, kind TEXT NOT NULL, virtual INTEGER NOT NULL, fingerprint TEXT NOT NULL,
    agentVersion TEXT NOT NULL, state TEXT NOT NULL, deletedAt INTEGER, limitBytes INTEGER, usedBytes INTEGER NOT NULL,
    productKey TEXT, createdAt INTEGER NOT NULL, lastUpdateAt INTEGER, lastSeenAt INTEGER
  ) STRICT;
  CREATE INDEX machinesByOrganization ON machines (organization, id);
  CREATE INDEX machinesByAccount ON machines (account, id);
  CREATE TABLE productKeys (
    id TEXT PRIMARY KEY, digest BLOB NOT NULL UNIQUE, lastGroup TEXT NOT NULL, kind TEXT NOT NULL,
    organization TEXT NOT NULL REFERENCES organizations, account TEXT NOT NULL REFERENCES accounts,
    machine TEXT REFERENCES machines, revokedAt INTEGER, createdAt INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX productKeysByOrganization ON productKeys (organization, id);
  CREATE TABLE vaults (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, machine TEXT NOT NULL UNIQUE REFERENCES machines,
    epoch INTEGER NOT NULL, readKey BLOB NOT NULL, signer BLOB NOT NULL, signerProof BLOB NOT NULL, wrap TEXT NOT NULL,
    sequence INTEGER NOT NULL, head TEXT NOT NULL, fence INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE sessions (
    id TEXT PRIMARY KEY, vault INTEGER NOT NULL REFERENCES vaults, machine TEXT NOT NULL REFERENCES machines, fence INTEGER NOT NULL,
    idempotencyKey TEXT NOT NULL, state TEXT NOT NULL, leaseUntil INTEGER NOT NULL, backup TEXT NOT NULL, intent TEXT,
    openedAt INTEGER NOT NULL, UNIQUE (vault, idempotencyKey)
  ) STRICT;
  CREATE INDEX sessionsOpen ON sessions (state, leaseUntil) WHERE state = 'open';
  CREATE INDEX sessionsByIntent ON sessions (intent) WHERE intent IS NOT NULL;
  CREATE TABLE packs (
    number INTEGER PRIMARY KEY AUTOINCREMENT, vault INTEGER NOT NULL REFERENCES vaults, id BLOB NOT NULL, sizeBytes INTEGER NOT NULL,
    kind INTEGER NOT NULL, state TEXT NOT NULL, sessions BLOB NOT NULL, receivedAt INTEGER NOT NULL, UNIQUE (vault, id)
  ) STRICT;
  CREATE INDEX packsStaged ON packs (vault, number) WHERE state = 'staged';
  CREATE TABLE chunks (
    vault INTEGER NOT NULL, id BLOB NOT NULL, pack INTEGER NOT NULL, offset INTEGER NOT NULL, length INTEGER NOT NULL,
    session INTEGER NOT NULL, type INTEGER NOT NULL, PRIMARY KEY (vault, id, pack)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX chunksByPack ON chunks (pack, id);
  CREATE TABLE chunkLinks (
    pack INTEGER NOT NULL, position INTEGER NOT NULL, links BLOB NOT NULL, PRIMARY KEY (pack, position)
  ) STRICT;
  CREATE TABLE snapshots (
    vault INTEGER NOT NULL REFERENCES vaults, sequence INTEGER NOT NULL, record TEXT NOT NULL, root BLOB NOT NULL,
    receivedAt INTEGER NOT NULL, claimedAt INTEGER NOT NULL, incomplete INTEGER NOT NULL, files INTEGER NOT NULL,
    bytes INTEGER NOT NULL, receipt BLOB NOT NULL, PRIMARY KEY (vault, sequence)
  ) STRICT;
  CREATE TABLE backups (
    id TEXT PRIMARY KEY, machine TEXT NOT NULL REFERENCES machines, type TEXT NOT NULL, startedAt INTEGER NOT NULL, endedAt INTEGER,
    state TEXT NOT NULL, result TEXT, message TEXT, files INTEGER NOT NULL, bytes INTEGER NOT NULL, filesEncoded INTEGER NOT NULL,
    bytesEncoded INTEGER NOT NULL, filesTransferred INTEGER NOT NULL, bytesTransferred INTEGER NOT NULL,
    problemCount INTEGER NOT NULL, problems TEXT NOT NULL, snapshot INTEGER
  ) STRICT;
  CREATE INDEX backupsByMachine ON backups (machine, id);
  CREATE TABLE restores (
    id TEXT PRIMARY KEY, machine TEXT NOT NULL REFERENCES machines, requestedBy TEXT NOT NULL, source TEXT NOT NULL,
    purpose TEXT NOT NULL, requestedAt INTEGER NOT NULL, finishedAt INTEGER, expiresAt INTEGER NOT NULL, filesRequested INTEGER,
    filesRetrieved INTEGER NOT NULL, bytes INTEGER NOT NULL, status TEXT NOT NULL, code TEXT
  ) STRICT;
  CREATE INDEX restoresByMachine ON restores (machine, id);
  CREATE INDEX restoresRunning ON restores (expiresAt) WHERE status = 'running';
  CREATE TABLE tokens (
    digest BLOB PRIMARY KEY, audience TEXT NOT NULL, account TEXT, machine TEXT, restore TEXT, createdAt INTEGER NOT NULL,
    expiresAt INTEGER
  ) STRICT;
  CREATE INDEX tokensByAccount ON tokens (account);
  CREATE INDEX tokensByMachine ON tokens (machine);
  CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT, organization TEXT, at INTEGER NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL,
    subject TEXT NOT NULL, detail TEXT NOT NULL, address TEXT
  ) STRICT;
  CREATE INDEX auditByOrganization ON audit (organization, id);
  CREATE TABLE reservations (
    id TEXT PRIMARY KEY, organization TEXT NOT NULL, account TEXT NOT NULL, machine TEXT NOT NULL, bytes INTEGER NOT NULL,
    blob TEXT NOT NULL
  ) STRICT;
  CREATE INDEX reservationsByOrganization ON reservations (organization);
  `;
