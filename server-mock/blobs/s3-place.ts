/** Which bucket, where, and who asks. */
export interface S3Place {
  readonly bucket: string;
  /** Before every name, without slashes at its ends; empty: none. */
  readonly prefix: string;
  /** undefined: AWS of the region. */
  readonly endpoint: string | undefined;
  /** undefined: as AWS's own variables say. */
  readonly region: string | undefined;
  /** undefined: whom AWS's own variables, files and roles name. */
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
  /** `endpoint/bucket/name` rather than `bucket.endpoint/name`. */
  readonly pathStyle: boolean;
}
