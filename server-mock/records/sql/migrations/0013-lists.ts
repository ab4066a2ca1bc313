/**
 * What lists of users and machines are sorted, filtered and searched by, in the row itself (`list-keys.ts` keeps it right). Every index holds all
 * that any filter looks at, so that no question over a million rows reads more than one index.
 */

const USERS_FILTERED = "organization, userGroup, listKind, listState, listBackedUp, listText";
const MACHINES_FILTERED = "organization, userGroup, kind, listState, listBackedUp, listSince, listFailing, listText";

const usersBy = (name: string, column: string): string =>
  `CREATE INDEX usersBy${name} ON accounts (${column}, id, ${USERS_FILTERED});\n`;
const machinesBy = (name: string, column: string): string =>
  `CREATE INDEX machinesBy${name} ON machines (${column}, id, ${MACHINES_FILTERED});\n`;

export const LISTS = `
  ALTER TABLE userGroups ADD COLUMN listName TEXT NOT NULL DEFAULT '';
  UPDATE userGroups SET listName = CASE isDefault WHEN 1 THEN '(default user group)' ELSE LOWER(name) END;

  ALTER TABLE accounts ADD COLUMN listName TEXT NOT NULL DEFAULT '';
  ALTER TABLE accounts ADD COLUMN listExternal TEXT NOT NULL DEFAULT '';
  ALTER TABLE accounts ADD COLUMN listGroup TEXT NOT NULL DEFAULT '';
  ALTER TABLE accounts ADD COLUMN listKind TEXT NOT NULL DEFAULT '';
  ALTER TABLE accounts ADD COLUMN listState INTEGER NOT NULL DEFAULT -1;
  ALTER TABLE accounts ADD COLUMN listBackedUp INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE accounts ADD COLUMN listLimit INTEGER NOT NULL DEFAULT 9007199254740991;
  ALTER TABLE accounts ADD COLUMN listText TEXT NOT NULL DEFAULT '';
  UPDATE accounts SET listName = LOWER(name), listExternal = LOWER(COALESCE(externalId, '')), listKind = COALESCE(kind, ''),
    listBackedUp = COALESCE(lastBackupAt, 0), listLimit = COALESCE(limitBytes, 9007199254740991),
    listGroup = COALESCE((SELECT userGroups.listName FROM userGroups WHERE userGroups.id = accounts.userGroup), ''),
    listState = CASE WHEN role = 'user' AND state = 'active' THEN 0 WHEN role = 'user' AND state = 'suspended' THEN 2 ELSE -1 END;
  UPDATE accounts SET listText = listName || '\n' || login || '\n' || listExternal;
  CREATE INDEX usersNotActive ON accounts (listState, id) WHERE listState > 0;
  ${usersBy("ExternalId", "listExternal")}${usersBy("Login", "login")}${usersBy("Name", "listName")}
  ${usersBy("GroupName", "listGroup")}${usersBy("Sync", "sync")}${usersBy("MachineCount", "machineCount")}
  ${usersBy("Limit", "listLimit")}${usersBy("Used", "usedBytes")}${usersBy("Creation", "createdAt")}
  ${usersBy("Backup", "listBackedUp").replace("listState, listBackedUp", "listState")}

  ALTER TABLE machines ADD COLUMN listName TEXT NOT NULL DEFAULT '';
  ALTER TABLE machines ADD COLUMN listExternal TEXT NOT NULL DEFAULT '';
  ALTER TABLE machines ADD COLUMN listUser TEXT NOT NULL DEFAULT '';
  ALTER TABLE machines ADD COLUMN listGroup TEXT NOT NULL DEFAULT '';
  ALTER TABLE machines ADD COLUMN listState INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE machines ADD COLUMN listBackedUp INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE machines ADD COLUMN listSince INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE machines ADD COLUMN listFailing INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE machines ADD COLUMN listText TEXT NOT NULL DEFAULT '';
  UPDATE machines SET listName = LOWER(name), listExternal = LOWER(COALESCE(externalId, '')),
    listUser = (SELECT accounts.login FROM accounts WHERE accounts.id = machines.account),
    listGroup = COALESCE((SELECT userGroups.listName FROM userGroups WHERE userGroups.id = machines.userGroup), ''),
    listState = CASE WHEN deletedAt IS NOT NULL THEN 2 WHEN state = 'suspended' THEN 1 ELSE 0 END,
    listBackedUp = COALESCE(lastUpdateAt, 0), listSince = COALESCE(lastUpdateAt, createdAt),
    listFailing = CASE WHEN lastFailureAt > COALESCE(lastUpdateAt, 0) THEN 1 ELSE 0 END;
  UPDATE machines SET listText = listName || '\n' || listUser || '\n' || listExternal;
  CREATE INDEX machinesNotActive ON machines (listState, id) WHERE listState > 0;
  CREATE INDEX machinesFailing ON machines (id) WHERE listFailing = 1;
  ${machinesBy("ExternalId", "listExternal")}${machinesBy("Name", "listName")}${machinesBy("User", "listUser")}
  ${machinesBy("GroupName", "listGroup")}${machinesBy("Used", "usedBytes")}${machinesBy("Creation", "createdAt")}
  ${machinesBy("Backup", "listBackedUp").replace("listState, listBackedUp", "listState")}
`;
