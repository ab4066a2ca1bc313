/** Words of a setting, taken one after another. All that is wrong is `setting/invalid`, and says what was expected. */
import { HoldfastError } from "../../protocol/errors.ts";

export class Words {
  readonly #setting: string;
  readonly #words: string[];

  constructor(setting: string, words: readonly string[]) {
    this.#setting = setting;
    this.#words = [...words];
  }

  get isEmpty(): boolean {
    return this.#words.length === 0;
  }

  next(expected: string): string {
    return this.#words.shift() ?? this.refuse(expected);
  }

  /** The next word, if it is this one. */
  take(word: string): boolean {
    if (this.#words[0]?.toLowerCase() !== word) return false;
    this.#words.shift();
    return true;
  }

  /** All that follow, one at least. */
  rest(expected: string): string[] {
    return [this.next(expected), ...this.#words.splice(0)];
  }

  /** What `parse` makes of the next word; undefined is refused. */
  parse<Value>(parse: (text: string) => Value | undefined, expected: string): Value {
    const word = this.next(expected);
    return parse(word) ?? this.refuse(`“${word}” is not understood; ${expected}`);
  }

  number(expected: string): number {
    return this.parse((word) => (/^\d{1,9}$/.test(word) ? Number(word) : undefined), expected);
  }

  /** Nothing may follow. */
  end<Value>(value: Value): Value {
    if (this.isEmpty) return value;
    return this.refuse(`“${this.#words.join(" ")}” is too much`);
  }

  refuse(reason: string): never {
    throw new HoldfastError("setting/invalid", { setting: this.#setting, reason });
  }
}

/** As a shell takes them: in quotes where there are spaces. */
export const showWords = (words: readonly string[]): string =>
  words.map((word) => (/^[^\s'"\\$`*?|&;<>()#~]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(" ");
