/** Records and audit rows, found over all machines of an organization. */
export const RECORDS = `
  ALTER TABLE backups ADD COLUMN organization TEXT NOT NULL DEFAULT '';
  UPDATE backups SET organization = (SELECT machines.organization FROM machines WHERE machines.id = backups.machine);
  CREATE INDEX backupsByOrganization ON backups (organization, id);
  ALTER TABLE restores ADD COLUMN organization TEXT NOT NULL DEFAULT '';
  UPDATE restores SET organization = (SELECT machines.organization FROM machines WHERE machines.id = restores.machine);
  CREATE INDEX restoresByOrganization ON restores (organization, id);
  CREATE INDEX auditByAction ON audit (organization, action, id);
`;
