/** The service showed another certificate than its fingerprint says. */
export class PinError extends Error {
  readonly fingerprint: string;

  constructor(fingerprint: string) {
    super("the certificate is not the expected one");
    this.fingerprint = fingerprint;
  }
}
