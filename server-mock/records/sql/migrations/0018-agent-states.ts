/** How each machine's agent last said that it is. */
export const AGENT_STATES = `
  CREATE TABLE agentStates (
    machine TEXT PRIMARY KEY, state TEXT NOT NULL, because TEXT, since INTEGER NOT NULL, heardAt INTEGER NOT NULL,
    said TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
`;
