/**
 * Names with `*` and `?`, matched in steps: no pattern takes longer than its length times the name's, since both come from strangers. Letter case
 * counts as it does on the file system.
 */
import { isUtf8 } from "node:buffer";

/** `folded`: upper and lower case are the same, and so are the ways to write a letter with its accent. */
export type LetterCase = "exact" | "folded";

export const diskLetterCase: LetterCase = ["darwin", "win32"].includes(process.platform) ? "folded" : "exact";

export class NameMatcher {
  readonly #whole = new Map<string, string>();
  readonly #globs: { readonly pattern: string; readonly steps: readonly string[] }[] = [];
  readonly #letterCase: LetterCase;

  constructor(patterns: readonly string[], letterCase: LetterCase) {
    this.#letterCase = letterCase;
    for (const pattern of patterns) {
      const text = foldedName(pattern, letterCase);
      if (/[*?]/.test(text)) this.#globs.push({ pattern, steps: [...text.replace(/\*+/g, "*")] });
      else this.#whole.set(text, pattern);
    }
  }

  get isEmpty(): boolean {
    return this.#whole.size === 0 && this.#globs.length === 0;
  }

  /** The pattern that matches. `name`: the bytes as Latin-1. */
  find(name: string): string | undefined {
    if (this.isEmpty) return undefined;
    const text = foldedName(nameText(name), this.#letterCase);
    const whole = this.#whole.get(text);
    if (whole !== undefined || this.#globs.length === 0) return whole;
    const letters = isAscii(text) ? text : [...text];
    return this.#globs.find(({ steps }) => isMatch(letters, steps))?.pattern;
  }
}

export const foldedName = (text: string, letterCase: LetterCase): string =>
  letterCase === "exact" ? text : text.normalize("NFC").toLowerCase();

/** Names that are not UTF-8 are compared as Latin-1. */
export function nameText(name: string): string {
  if (isAscii(name)) return name;
  const bytes = Buffer.from(name, "latin1");
  return isUtf8(bytes) ? bytes.toString() : name;
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0x7f) return false;
  return true;
}

/** Only the last star is ever gone back to: what an earlier one took is enough. */
function isMatch(text: ArrayLike<string>, steps: readonly string[]): boolean {
  let [at, step, star, taken] = [0, 0, -1, 0];
  while (at < text.length) {
    if (steps[step] === "*") {
      star = step++;
      taken = at;
    } else if (step < steps.length && (steps[step] === "?" || steps[step] === text[at])) {
      at++;
      step++;
    } else if (star >= 0) {
      step = star + 1;
      at = ++taken;
    } else return false;
  }
  while (steps[step] === "*") step++;
  return step === steps.length;
}
