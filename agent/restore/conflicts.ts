/**
 * Looks at what is in the target already, so that nothing is fetched which would not be placed. Only that: whether a name is free is decided
 * again, safely, when it is taken.
 */
import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import { HoldfastError } from "../../protocol/errors.ts";
import { catalogPath, shownPath } from "../disk/disk-path.ts";
import { findOnDisk } from "../disk/found.ts";
import type { Existing } from "../disk/place.ts";
import type { Entry } from "../model/entry.ts";

export interface ConflictTally {
  kept: number;
  addProblem(path: Buffer, error: HoldfastError): void;
}

export class Conflicts {
  readonly #target: Buffer;
  readonly #existing: Existing;
  readonly #isEmpty: boolean;

  constructor(target: string, existing: Existing) {
    this.#target = Buffer.concat([catalogPath(resolve(target)), Buffer.from("/")]);
    this.#existing = existing;
    this.#isEmpty = isEmptyFolder(target);
  }

  /** `false`: what has the name stays; it is counted, and reported when it was to be restored. */
  isFree(entry: Entry, tally: ConflictTally): boolean {
    if (this.#existing === "rename" || this.#existing === "overwrite" || !this.isTaken(entry)) return true;
    if (this.#existing === "keep") tally.kept++;
    else tally.addProblem(entry.path, new HoldfastError("restore/exists", { path: shownPath(this.#pathOf(entry)) }));
    return false;
  }

  isTaken(entry: Entry): boolean {
    if (this.#isEmpty) return false;
    try {
      return findOnDisk(this.#pathOf(entry)) !== undefined;
    } catch {
      return false; // Placing it says what is wrong.
    }
  }

  #pathOf(entry: Entry): Buffer {
    return Buffer.concat([this.#target, entry.path]);
  }
}

function isEmptyFolder(path: string): boolean {
  try {
    return readdirSync(path).length === 0;
  } catch {
    return true; // What is really there comes out when it is opened.
  }
}
