/** Where a command speaks: results on stdout, all else on stderr; with `--json` stdout has JSON and nothing else. */

import type { Readable, Writable } from "node:stream";
import { styleText } from "node:util";
import { shownText } from "./names.ts";

export type Style = "bold" | "dim" | "red" | "green" | "yellow" | "cyan";

export interface Streams {
  readonly stdin: Readable & { readonly isTTY?: boolean; setRawMode?(raw: boolean): unknown };
  readonly stdout: Writable & { readonly isTTY?: boolean; readonly columns?: number; readonly rows?: number };
  readonly stderr: Writable & { readonly isTTY?: boolean; readonly columns?: number };
}

export interface Manner {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly color: boolean;
}

export class Terminal {
  readonly streams: Streams;
  readonly manner: Manner;

  /** Lines at the cursor that the next output replaces. */
  #liveLines = 0;

  constructor(streams: Streams, manner: Manner) {
    this.streams = streams;
    this.manner = manner;
  }

  /** A line of the result. Callers escape names with `shown`. */
  line(text = ""): void {
    this.live([]);
    this.streams.stdout.write(`${text}\n`);
  }

  lines(texts: Iterable<string>): void {
    for (const text of texts) this.line(text);
  }

  /** The result as one JSON document, or one line of JSON lines. */
  json(value: unknown, options: { pretty?: boolean } = {}): void {
    this.line(JSON.stringify(value, withoutBytes, options.pretty ? 2 : undefined));
  }

  /** Something the person should know that is not the result. */
  note(text: string): void {
    if (!this.manner.quiet && !this.manner.json) this.complain(shownText(text));
  }

  /** Shown whatever the manner. */
  complain(text: string): void {
    this.live([]);
    this.streams.stderr.write(`${text}\n`);
  }

  /** Shows lines on stderr, a terminal, in place of those shown before. They must be narrower than it. */
  live(lines: readonly string[]): void {
    if (this.#liveLines === 0 && lines.length === 0) return;
    const up = this.#liveLines > 1 ? `\x1b[${this.#liveLines - 1}A` : "";
    this.streams.stderr.write(`\r${up}\x1b[J${lines.join("\n")}`);
    this.#liveLines = lines.length;
  }

  /** Whether live lines make sense. */
  get isLive(): boolean {
    return this.streams.stderr.isTTY === true && !this.manner.quiet && !this.manner.json;
  }

  /** Styled when stdout is a terminal that wants it. */
  style(style: Style, text: string): string {
    return styled(style, text, this.streams.stdout, this.manner);
  }

  styleError(style: Style, text: string): string {
    return styled(style, text, this.streams.stderr, this.manner);
  }
}

/** NO_COLOR and dumb terminals are seen to by `styleText`. */
function styled(style: Style, text: string, stream: Writable & { readonly isTTY?: boolean }, manner: Manner): string {
  if (!manner.color || !stream.isTTY || manner.json) return text;
  return styleText(style, text, { stream });
}

/** Bytes as base64, 64-bit integers as numbers where exact. */
function withoutBytes(_name: string, value: unknown): unknown {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
  return value;
}
