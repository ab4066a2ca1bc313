/** What is not in an archive, and why: the first 1,000, and how many there are. */

import { spelledPath } from "../../../agent/model/spelled-path.ts";
import type { Damage } from "../../../agent/vault/catalog-reader.ts";
import { HoldfastError } from "../../../protocol/errors.ts";
import { PROBLEMS_MAX } from "../../../protocol/limits.ts";
import type { Problem } from "../../../protocol/messages/sessions.ts";

const PATH_CHARACTERS_MAX = 4096;

export class Problems {
  readonly list: Problem[] = [];
  count = 0;

  add(path: Buffer, error: HoldfastError): void {
    this.#add(spelledPath(path), error);
  }

  addUnsafe(path: Buffer): void {
    this.add(path, new HoldfastError("restore/unsafe", { path: spelledPath(path) }));
  }

  addDamage({ from, to, error }: Damage): void {
    const end = to === undefined ? "to the end" : `before ${spelledPath(to)}`;
    this.#add(`${spelledPath(from)} … ${end}`, error);
  }

  /** It was found before. */
  addAgain(problem: Problem): void {
    this.count++;
    if (this.list.length < PROBLEMS_MAX) this.list.push(problem);
  }

  #add(path: string, { code, message }: HoldfastError): void {
    this.count++;
    if (this.list.length >= PROBLEMS_MAX) return;
    this.list.push({ path: path.slice(0, PATH_CHARACTERS_MAX), code, message: message.slice(0, 1000) });
  }
}
