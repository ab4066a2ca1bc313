/**
 * The agent's log: lines of JSON in `agent.log`, which moves on to `agent.log.1` and so on when it is full. Names of files stand in it as the person's
 * own machine shows them; secrets never do.
 */
import { appendFileSync, closeSync, fstatSync, openSync, readFileSync, readSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "../../base/clock.ts";

export type LogLevel = "info" | "warning" | "error";

export interface LogLine {
  readonly at: string;
  readonly level: LogLevel;
  readonly event: string;
  readonly [name: string]: unknown;
}

const FILE_BYTES_MAX = 5 * 1024 * 1024;
const FILES_KEPT = 5;

export interface AgentLogOptions {
  readonly dataFolder: string;
  readonly clock: Clock;
  readonly fileBytesMax?: number;
  /** For `holdfast run` in the foreground. */
  readonly onLine?: (line: LogLine) => void;
}

export class AgentLog implements Disposable {
  readonly #options: AgentLogOptions;
  readonly #path: string;
  readonly #listeners = new Set<(line: string) => void>();
  #fd: number | undefined;
  #bytes = 0;

  constructor(options: AgentLogOptions) {
    this.#options = options;
    this.#path = join(options.dataFolder, "agent.log");
  }

  /** A log that can't be written stops nobody: backups matter more. */
  write(level: LogLevel, event: string, facts: Readonly<Record<string, unknown>> = {}): void {
    const line: LogLine = { at: new Date(this.#options.clock.now()).toISOString(), level, event, ...facts };
    const text = JSON.stringify(line);
    try {
      this.#append(`${text}\n`);
    } catch {
      this.#close();
    }
    this.#options.onLine?.(line);
    for (const listener of this.#listeners) listener(text);
  }

  /** The newest lines, oldest first. */
  tail(count: number): string[] {
    return tailOf(this.#options.dataFolder, count);
  }

  follow(listener: (line: string) => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => this.#listeners.delete(listener) };
  }

  [Symbol.dispose](): void {
    this.#close();
  }

  #append(text: string): void {
    if (this.#fd === undefined) {
      this.#fd = openSync(this.#path, "a+", 0o600);
      this.#bytes = fstatSync(this.#fd).size;
      // Half a line of a full disk or a killed agent stays alone.
      if (!endsWithLine(this.#fd, this.#bytes)) appendFileSync(this.#fd, "\n");
    }
    if (this.#bytes > 0 && this.#bytes + text.length > (this.#options.fileBytesMax ?? FILE_BYTES_MAX)) {
      this.#close();
      rotate(this.#path);
      this.#fd = openSync(this.#path, "a", 0o600);
      this.#bytes = 0;
    }
    appendFileSync(this.#fd, text);
    this.#bytes += Buffer.byteLength(text);
  }

  #close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }
}

function endsWithLine(fd: number, bytes: number): boolean {
  const last = Buffer.alloc(1);
  return bytes === 0 || readSync(fd, last, 0, 1, bytes - 1) === 0 || last.toString() === "\n";
}

/** The newest lines of a data folder's log, oldest first. */
export function tailOf(dataFolder: string, count: number): string[] {
  const path = join(dataFolder, "agent.log");
  const found: string[] = [];
  for (const each of [path, ...olderThan(path)]) {
    if (found.length >= count) break;
    const lines = read(each).split("\n").slice(0, -1);
    found.unshift(...lines.slice(-(count - found.length)));
  }
  return found;
}

const olderThan = (path: string): string[] => Array.from({ length: FILES_KEPT }, (_, index) => `${path}.${index + 1}`);

function rotate(path: string): void {
  const names = [path, ...olderThan(path)];
  rmSync(names.at(-1) ?? "", { force: true });
  for (let index = names.length - 2; index >= 0; index--)
    try {
      renameSync(names[index] ?? "", names[index + 1] ?? "");
    } catch {
      // Not there yet.
    }
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
