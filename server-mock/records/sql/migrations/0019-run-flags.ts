/** What looked like damage in a backup, as the agent told it. */
export const RUN_FLAGS = `
  ALTER TABLE backups ADD COLUMN flags TEXT;
`;
