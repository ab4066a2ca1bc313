/** What a verification found. */
import type { HoldfastError } from "../../protocol/errors.ts";
import { PROBLEMS_MAX } from "../../protocol/limits.ts";
import { type Damage, shownRange } from "../vault/catalog-reader.ts";

export interface VerifyProblem {
  readonly snapshot: number;
  /** A file, or a range of paths when a page is damaged. */
  readonly path: string;
  readonly code: string;
  readonly message: string;
}

export class Findings {
  /** The first of them. */
  readonly problems: VerifyProblem[] = [];
  count = 0;

  add(snapshot: number, path: string, error: HoldfastError): void {
    this.count++;
    if (this.problems.length >= PROBLEMS_MAX) return;
    this.problems.push({ snapshot, path, code: error.code, message: error.message });
  }

  readonly damageOf =
    (snapshot: number) =>
    ({ from, to, error }: Damage): void =>
      this.add(snapshot, shownRange(from, to), error);
}

export const wholeSnapshot = shownRange(Buffer.alloc(0), undefined);
