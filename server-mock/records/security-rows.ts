/** Failed attempts at a secret. */

export interface AttemptRow {
  /** What was tried, hashed: people type passwords where names belong. */
  readonly key: string;
  /** In a row; old ones are forgotten. */
  readonly failures: number;
  /** Of the last one. */
  readonly at: number;
}
