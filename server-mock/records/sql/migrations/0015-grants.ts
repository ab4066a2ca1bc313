/** What was granted below an organization, without a look at the rows themselves: summed for every limit that is set. */
export const GRANTS = `
  CREATE INDEX usersByGrant ON accounts (organization, state, userGroup, kind, limitBytes, desktopDevices, serverDevices);
  CREATE INDEX machinesByGrant ON machines (organization, userGroup, kind, deletedAt, limitBytes) WHERE limitBytes IS NOT NULL;
`;
