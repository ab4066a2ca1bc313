/** Calls with an idempotency key. */
export const REMEMBERED_CALLS = `
  CREATE TABLE rememberedCalls (
    account TEXT NOT NULL, key TEXT NOT NULL, digest BLOB NOT NULL, startedAt INTEGER NOT NULL, status INTEGER, answer BLOB,
    PRIMARY KEY (account, key)
  ) STRICT;
  CREATE INDEX rememberedCallsByAge ON rememberedCalls (startedAt);
`;
