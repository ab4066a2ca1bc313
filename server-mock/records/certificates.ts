/** Recovery certificates of organizations: their public half. Rows stay when a certificate is retired: machines' wraps name it. */
export interface RecoveryCertificateRow {
  readonly organization: string;
  /** SHA-256 of the public key, hexadecimal. */
  readonly fingerprint: string;
  /** PEM. */
  readonly certificate: string;
  readonly name: string;
  readonly notAfter: number;
  readonly createdAt: number;
  /** A log-in name. */
  readonly createdBy: string;
  readonly retiredAt: number | null;
}

export interface RecoveryCertificates {
  /** In place of the one with that fingerprint. */
  put(row: RecoveryCertificateRow): Promise<void>;
  find(organization: string, fingerprint: string): Promise<RecoveryCertificateRow | undefined>;
  /** Of any organization, one that is not retired: a fingerprint says all that there is to know. */
  findAny(fingerprint: string): Promise<RecoveryCertificateRow | undefined>;
  /** Newest first. */
  list(organization: string): Promise<RecoveryCertificateRow[]>;
}
