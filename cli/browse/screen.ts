/** A terminal's whole screen: lines in, only what changed is written; whatever happens, the terminal is left as it was. */
import type { Streams } from "../terminal.ts";
import type { Line, Look } from "./draw.ts";

const ENTER = "\x1b[?1049h\x1b[?25l\x1b[2J";
const LEAVE = "\x1b[?25h\x1b[?1049l";
const RESET = "\x1b[0m";
const PLAIN: Readonly<Record<Look, string>> = {
  title: "\x1b[7m",
  cursor: "\x1b[7m",
  plain: "",
  gone: "",
  quiet: "",
  folder: "",
  note: "",
};
const COLOURED: Readonly<Record<Look, string>> = {
  ...PLAIN,
  title: "\x1b[1;7m",
  gone: "\x1b[33m",
  quiet: "\x1b[2m",
  folder: "\x1b[36m",
  note: "\x1b[32m",
};

/** Of terminals that don't say. */
const USUAL = { columns: 80, rows: 24 };

export class Screen implements Disposable {
  readonly #streams: Streams;
  readonly #looks: Readonly<Record<Look, string>>;
  #shown: readonly string[] = [];
  #isOpen = false;

  constructor(streams: Streams, { color }: { color: boolean }) {
    this.#streams = streams;
    this.#looks = color ? COLOURED : PLAIN;
  }

  get size(): { columns: number; rows: number } {
    const { columns, rows } = this.#streams.stdout;
    return { columns: columns || USUAL.columns, rows: rows || USUAL.rows };
  }

  open(): void {
    this.#isOpen = true;
    this.#streams.stdin.setRawMode?.(true);
    this.#streams.stdout.write(ENTER);
    // A second Ctrl-C elsewhere ends the process at once.
    process.once("exit", this.#close);
  }

  show(lines: readonly Line[]): void {
    if (!this.#isOpen) return;
    const texts = lines.map(({ text, look }) => {
      const style = this.#looks[look];
      return style === "" ? text : `${style}${text}${RESET}`;
    });
    let out = "";
    for (const [at, text] of texts.entries()) if (text !== this.#shown[at]) out += `\x1b[${at + 1};1H${text}\x1b[K`;
    this.#shown = texts;
    if (out !== "") this.#streams.stdout.write(out);
  }

  /** Everything is drawn anew: after another size nobody knows what is there. */
  forget(): void {
    this.#shown = [];
    if (this.#isOpen) this.#streams.stdout.write("\x1b[2J");
  }

  [Symbol.dispose](): void {
    process.off("exit", this.#close);
    this.#close();
  }

  readonly #close = (): void => {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#streams.stdout.write(LEAVE);
    this.#streams.stdin.setRawMode?.(false);
  };
}
