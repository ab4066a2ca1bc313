/** What a run had trouble with: the next one looks at it again even if nobody says that it changed. */

/** With more, the next run had better look at everything. */
const PATHS_MAX = 1000;

export class Unsettled {
  readonly paths: Buffer[] = [];
  /** `paths` is complete. */
  isAll = true;

  add(path: Buffer): void {
    if (this.paths.length < PATHS_MAX) this.paths.push(path);
    else this.isAll = false;
  }
}
