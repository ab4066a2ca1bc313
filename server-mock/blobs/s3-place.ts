/** Which bucket, where, and who asks. */
export interface S3Place {
  readonly bucket: string;
  /** Before every name, without slashes at its ends; empty: none. */
  readonly prefix: string;
  /** undefined: AWS of the region. */
  readonly endpoint: string | undefined;
  readonly region: string;
  readonly accessKey: string;
  readonly secretKey: string;
  readonly sessionToken?: string | undefined;
  /** `endpoint/bucket/name` rather than `bucket.endpoint/name`. */
  readonly pathStyle: boolean;
}
