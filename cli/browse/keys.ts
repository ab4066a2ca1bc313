/** What a terminal in raw mode sends, as keys. A sequence may come in pieces; what nobody knows is nothing. */
import { StringDecoder } from "node:string_decoder";

/** `up`, `page-down`, `enter`, `ctrl-c` and the like; a character that is typed is itself. */
export type Key = string;

const SEQUENCES: Readonly<Record<string, Key>> = {
  "[A": "up",
  "[B": "down",
  "[C": "right",
  "[D": "left",
  OA: "up",
  OB: "down",
  OC: "right",
  OD: "left",
  "[H": "home",
  "[F": "end",
  OH: "home",
  OF: "end",
  "[1~": "home",
  "[4~": "end",
  "[7~": "home",
  "[8~": "end",
  "[3~": "delete",
  "[5~": "page-up",
  "[6~": "page-down",
};

const PLAIN: Readonly<Record<string, Key>> = {
  "\r": "enter",
  "\n": "enter",
  "\t": "tab",
  "\x7f": "backspace",
  "\b": "backspace",
  "\x03": "ctrl-c",
  "\x04": "ctrl-d",
  "\x0c": "ctrl-l",
  "\x15": "ctrl-u",
};

const ESCAPE = "\x1b";
/** As long as it may still become one. */
const BEGUN = /^(?:\[[0-9;]*|O)?$/;

export class Keys {
  readonly #decoder = new StringDecoder();
  /** After an escape; undefined: none. */
  #begun: string | undefined;

  /** An escape that nothing follows is the key itself: `flush` says that nothing did. */
  of(piece: Buffer | string): Key[] {
    const keys: Key[] = [];
    for (const character of this.#decoder.write(Buffer.from(piece))) {
      if (character === ESCAPE) {
        keys.push(...this.flush());
        this.#begun = "";
      } else if (this.#begun === undefined) keys.push(...plain(character));
      else {
        const sequence = this.#begun + character;
        this.#begun = BEGUN.test(sequence) ? sequence : undefined;
        const known = SEQUENCES[sequence];
        if (known !== undefined) keys.push(known);
      }
    }
    return keys;
  }

  /** Whether an escape waits for what may follow. */
  get isOpen(): boolean {
    return this.#begun !== undefined;
  }

  flush(): Key[] {
    const was = this.#begun;
    this.#begun = undefined;
    return was === "" ? ["escape"] : [];
  }
}

function plain(character: string): Key[] {
  const named = PLAIN[character];
  if (named !== undefined) return [named];
  return character < " " ? [] : [character];
}
