/** Editions, groups, pools, roles, and accounts with all that section L to O of the requirements asks of them. */
export const ACCOUNTS = `
  ALTER TABLE organizations ADD COLUMN edition TEXT NOT NULL DEFAULT 'pro';
  ALTER TABLE organizations ADD COLUMN subdomain TEXT;
  ALTER TABLE organizations ADD COLUMN state TEXT NOT NULL DEFAULT 'active';
  ALTER TABLE organizations ADD COLUMN settings TEXT NOT NULL DEFAULT '{}';
  ALTER TABLE organizations ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
  CREATE UNIQUE INDEX organizationsBySubdomain ON organizations (subdomain);

  CREATE TABLE userGroups (
    id TEXT PRIMARY KEY, organization TEXT NOT NULL REFERENCES organizations, name TEXT NOT NULL, isDefault INTEGER NOT NULL,
    externalId TEXT, settings TEXT NOT NULL, version INTEGER NOT NULL, createdAt INTEGER NOT NULL, UNIQUE (organization, name)
  ) STRICT;
  INSERT INTO userGroups (id, organization, name, isDefault, externalId, settings, version, createdAt)
    SELECT 'd' || SUBSTR(id, 2), id, 'Default', 1, NULL, '{}', 1, createdAt FROM organizations;

  CREATE TABLE pools (
    holder TEXT NOT NULL, kind TEXT NOT NULL, organization TEXT NOT NULL REFERENCES organizations, mode TEXT NOT NULL,
    limitBytes INTEGER, overageBytes INTEGER, usedBytes INTEGER NOT NULL, devices INTEGER, PRIMARY KEY (holder, kind)
  ) STRICT;
  CREATE INDEX poolsByOrganization ON pools (organization, kind, mode);
  INSERT INTO pools (holder, kind, organization, mode, limitBytes, overageBytes, usedBytes, devices)
    SELECT id, 'all', id, 'shared', limitBytes, 0, usedBytes, NULL FROM organizations;
  INSERT INTO pools (holder, kind, organization, mode, limitBytes, overageBytes, usedBytes, devices)
    SELECT id, 'desktop', id, 'shared', NULL, 0,
      (SELECT COALESCE(SUM(machines.usedBytes), 0) FROM machines WHERE machines.organization = organizations.id AND machines.kind = 'desktop'),
      NULL FROM organizations;
  INSERT INTO pools (holder, kind, organization, mode, limitBytes, overageBytes, usedBytes, devices)
    SELECT id, 'server', id, 'shared', NULL, 0,
      (SELECT COALESCE(SUM(machines.usedBytes), 0) FROM machines WHERE machines.organization = organizations.id AND machines.kind = 'server'),
      NULL FROM organizations;
  INSERT INTO pools (holder, kind, organization, mode, limitBytes, overageBytes, usedBytes, devices)
    SELECT 'd' || SUBSTR(holder, 2), kind, organization, 'shared', NULL, 0, usedBytes, NULL FROM pools;
  ALTER TABLE organizations DROP COLUMN limitBytes;
  ALTER TABLE organizations DROP COLUMN usedBytes;

  CREATE TABLE roles (
    id TEXT PRIMARY KEY, organization TEXT NOT NULL REFERENCES organizations, name TEXT NOT NULL, capabilities TEXT NOT NULL,
    scopeGroups TEXT, madeBy TEXT, version INTEGER NOT NULL, createdAt INTEGER NOT NULL, UNIQUE (organization, name)
  ) STRICT;

  ALTER TABLE accounts RENAME COLUMN email TO login;
  ALTER TABLE accounts ADD COLUMN email TEXT NOT NULL DEFAULT '';
  UPDATE accounts SET email = login;
  ALTER TABLE accounts ADD COLUMN secret TEXT;
  UPDATE accounts SET secret = password;
  ALTER TABLE accounts DROP COLUMN password;
  ALTER TABLE accounts RENAME COLUMN secret TO password;
  ALTER TABLE accounts ADD COLUMN isPasswordTemporary INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE accounts ADD COLUMN totp TEXT;
  ALTER TABLE accounts ADD COLUMN roleId TEXT;
  ALTER TABLE accounts ADD COLUMN userGroup TEXT;
  ALTER TABLE accounts ADD COLUMN kind TEXT;
  ALTER TABLE accounts ADD COLUMN firstName TEXT;
  ALTER TABLE accounts ADD COLUMN lastName TEXT;
  ALTER TABLE accounts ADD COLUMN externalId TEXT;
  ALTER TABLE accounts ADD COLUMN createdFrom TEXT;
  ALTER TABLE accounts ADD COLUMN installRegion TEXT;
  ALTER TABLE accounts ADD COLUMN sync INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE accounts ADD COLUMN stateAt INTEGER;
  ALTER TABLE accounts ADD COLUMN overageBytes INTEGER DEFAULT 0;
  ALTER TABLE accounts ADD COLUMN deviceQuotas TEXT NOT NULL DEFAULT '{}';
  ALTER TABLE accounts ADD COLUMN notifications TEXT NOT NULL DEFAULT 'less';
  ALTER TABLE accounts ADD COLUMN businessNotifications INTEGER NOT NULL DEFAULT 1;
  ALTER TABLE accounts ADD COLUMN agentAutoUpdate INTEGER NOT NULL DEFAULT 1;
  ALTER TABLE accounts ADD COLUMN locations TEXT NOT NULL DEFAULT 'local-and-cloud';
  ALTER TABLE accounts ADD COLUMN machineCount INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE accounts ADD COLUMN lastBackupAt INTEGER;
  ALTER TABLE accounts ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
  UPDATE accounts SET userGroup = 'd' || SUBSTR(organization, 2) WHERE role = 'user';
  UPDATE accounts SET
    machineCount = (SELECT COUNT(*) FROM machines WHERE machines.account = accounts.id AND machines.deletedAt IS NULL),
    lastBackupAt = (SELECT MAX(lastUpdateAt) FROM machines WHERE machines.account = accounts.id AND machines.deletedAt IS NULL);
  CREATE INDEX accountsByGroup ON accounts (userGroup, id);
  CREATE INDEX accountsByEmail ON accounts (email);

  ALTER TABLE machines ADD COLUMN userGroup TEXT NOT NULL DEFAULT '';
  ALTER TABLE machines ADD COLUMN externalId TEXT;
  ALTER TABLE machines ADD COLUMN installRegion TEXT;
  ALTER TABLE machines ADD COLUMN lastFailureAt INTEGER;
  ALTER TABLE machines ADD COLUMN lastFailureCode TEXT;
  ALTER TABLE machines ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
  UPDATE machines SET userGroup = 'd' || SUBSTR(organization, 2);
  CREATE INDEX machinesByGroup ON machines (userGroup, id);

  CREATE TABLE productKeysNow (
    id TEXT PRIMARY KEY, digest BLOB NOT NULL UNIQUE, lastGroup TEXT NOT NULL, kind TEXT NOT NULL,
    organization TEXT NOT NULL REFERENCES organizations, userGroup TEXT NOT NULL REFERENCES userGroups,
    account TEXT REFERENCES accounts, machine TEXT REFERENCES machines, revokedAt INTEGER, suspendedAt INTEGER, sentAt INTEGER,
    activatedAt INTEGER, version INTEGER NOT NULL, createdAt INTEGER NOT NULL
  ) STRICT;
  INSERT INTO productKeysNow (id, digest, lastGroup, kind, organization, userGroup, account, machine, revokedAt, version, createdAt)
    SELECT id, digest, lastGroup, kind, organization, 'd' || SUBSTR(organization, 2), account, machine, revokedAt, 1, createdAt
    FROM productKeys;
  DROP TABLE productKeys;
  ALTER TABLE productKeysNow RENAME TO productKeys;
  CREATE INDEX productKeysInOrganization ON productKeys (organization, id);
  CREATE INDEX productKeysOfAccount ON productKeys (account, id);
  CREATE INDEX productKeysOfGroup ON productKeys (userGroup, id);

  ALTER TABLE tokens ADD COLUMN id TEXT;
  ALTER TABLE tokens ADD COLUMN name TEXT;
  ALTER TABLE tokens ADD COLUMN capabilities TEXT;
  ALTER TABLE tokens ADD COLUMN actor TEXT;
  ALTER TABLE tokens ADD COLUMN address TEXT;
  ALTER TABLE tokens ADD COLUMN userAgent TEXT;
  ALTER TABLE tokens ADD COLUMN lastUsedAt INTEGER;
  ALTER TABLE tokens ADD COLUMN provenAt INTEGER;
  CREATE INDEX tokensById ON tokens (id);

  CREATE TABLE links (
    digest BLOB PRIMARY KEY, purpose TEXT NOT NULL, account TEXT NOT NULL REFERENCES accounts, createdAt INTEGER NOT NULL,
    expiresAt INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX linksByAccount ON links (account);

  ALTER TABLE audit ADD COLUMN account TEXT;
  CREATE INDEX auditByAccount ON audit (account, id);

  ALTER TABLE reservations ADD COLUMN userGroup TEXT NOT NULL DEFAULT '';
  ALTER TABLE reservations ADD COLUMN kind TEXT NOT NULL DEFAULT '';
`;
