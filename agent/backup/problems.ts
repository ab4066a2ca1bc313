/** The troubles of a run: all are counted, the first thousand are kept with their words. */
import type { HoldfastError } from "../../protocol/errors.ts";
import { PROBLEMS_MAX } from "../../protocol/limits.ts";
import type { Problem } from "../../protocol/messages/sessions.ts";
import { shownPath } from "../disk/disk-path.ts";

export class Problems {
  readonly list: Problem[] = [];
  count = 0;

  /** `path`: catalog path. */
  add(error: HoldfastError, path: Buffer): void {
    if (this.list.length < PROBLEMS_MAX) this.note(error, shownPath(path));
    else this.count++;
  }

  /** Of what is no file of the backup. */
  note(error: HoldfastError, subject: string): void {
    this.count++;
    if (this.list.length >= PROBLEMS_MAX) return;
    this.list.push({ path: cut(subject, 4096), code: error.code, message: cut(error.message, 1000) });
  }

  clear(): void {
    this.list.length = 0;
    this.count = 0;
  }
}

const cut = (text: string, length: number): string => (text.length <= length ? text : `${text.slice(0, length - 1)}…`);
