/** Wraps that change, and the organizations' recovery certificates. */
export const WRAPS = `
  ALTER TABLE vaults ADD COLUMN wrapVersion INTEGER NOT NULL DEFAULT 1;
  ALTER TABLE vaults ADD COLUMN wrapAt INTEGER;
  CREATE TABLE recoveryCertificates (
    organization TEXT NOT NULL REFERENCES organizations, fingerprint TEXT NOT NULL, certificate TEXT NOT NULL, name TEXT NOT NULL,
    notAfter INTEGER NOT NULL, createdAt INTEGER NOT NULL, createdBy TEXT NOT NULL, retiredAt INTEGER, PRIMARY KEY (organization, fingerprint)
  ) STRICT;
  CREATE INDEX recoveryCertificatesByFingerprint ON recoveryCertificates (fingerprint);
`;
