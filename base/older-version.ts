/** Versions of programs, as far as they are numbers: `1.10.0` is newer than `1.9.9`. */

/** What can't be read is older than everything. */
export function isOlderVersion(version: string, than: string): boolean {
  const [left, right] = [numbersOf(version), numbersOf(than)];
  if (left === undefined || right === undefined) return left === undefined && right !== undefined;
  const at = left.findIndex((number, index) => number !== right[index]);
  return at !== -1 && (left[at] ?? 0) < (right[at] ?? 0);
}

const numbersOf = (version: string): number[] | undefined =>
  /^v?(\d{1,9})\.(\d{1,9})\.(\d{1,9})/.exec(version)?.slice(1).map(Number);
