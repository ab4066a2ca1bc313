/** How far a long run is: live lines on a terminal, a line now and then elsewhere, nothing with --json or --quiet. */
import type { Clock } from "../base/clock.ts";
import { shown } from "./names.ts";
import { shortened, width } from "./table.ts";
import type { Terminal } from "./terminal.ts";
import { count, duration, size } from "./units.ts";

export interface ProgressState {
  /** What is going on, for example "sending". */
  readonly phase: string;
  readonly files?: number;
  readonly bytes: number;
  /** Bytes that went over the network, where that is another number. */
  readonly bytesMoved?: number | undefined;
  readonly totalFiles?: number | undefined;
  readonly totalBytes?: number | undefined;
  readonly current?: string | Uint8Array | undefined;
}

const REDRAW_MS = 100;
const QUIET_LINE_MS = 10_000;
/** A rate of a moment is noise: it follows what happens with this delay. */
const RATE_SMOOTHING_MS = 4_000;
const BAR_COLUMNS = 20;
/** Phase, percentage and bytes. */
const WORDS_BESIDE_BAR = 3;

export class Progress {
  readonly #terminal: Terminal;
  readonly #clock: Clock;
  #drawnMs = Number.NEGATIVE_INFINITY;
  #rate: { bytesPerSecond: number; atMs: number; bytes: number } | undefined;

  constructor(terminal: Terminal, clock: Clock) {
    this.#terminal = terminal;
    this.#clock = clock;
  }

  update(state: ProgressState): void {
    const { quiet, json } = this.#terminal.manner;
    if (quiet || json) return;
    const nowMs = this.#clock.now();
    if (this.#drawnMs === Number.NEGATIVE_INFINITY && !this.#terminal.isLive) this.#drawnMs = nowMs;
    if (nowMs - this.#drawnMs < (this.#terminal.isLive ? REDRAW_MS : QUIET_LINE_MS)) return;
    this.#drawnMs = nowMs;
    const rate = this.#follow(state.bytes, nowMs);
    if (!this.#terminal.isLive) {
      this.#terminal.note(progressWords(state, rate).join(", "));
      return;
    }
    const columns = Math.max(20, (this.#terminal.streams.stderr.columns ?? 80) - 1);
    this.#terminal.live(progressLines(state, rate, columns, (text) => this.#terminal.styleError("dim", text)));
  }

  /** Takes the live lines away. */
  end(): void {
    this.#terminal.live([]);
  }

  /** Bytes per second, smoothed; undefined until enough was seen. */
  #follow(bytes: number, atMs: number): number | undefined {
    const before = this.#rate;
    if (!before || bytes < before.bytes) {
      this.#rate = { bytesPerSecond: 0, atMs, bytes };
      return undefined;
    }
    const elapsedMs = atMs - before.atMs;
    const latest = ((bytes - before.bytes) / Math.max(1, elapsedMs)) * 1000;
    const weight = before.bytesPerSecond === 0 ? 1 : 1 - Math.exp(-elapsedMs / RATE_SMOOTHING_MS);
    const bytesPerSecond = before.bytesPerSecond + (latest - before.bytesPerSecond) * weight;
    this.#rate = { bytesPerSecond, atMs, bytes };
    return bytesPerSecond;
  }
}

/** One line of numbers and one with the current file, both at most `columns` wide. */
export function progressLines(
  state: ProgressState,
  rate: number | undefined,
  columns: number,
  dim: (text: string) => string = (text) => text,
): string[] {
  const words = progressWords(state, rate);
  const bar = state.totalBytes ? `${barOf(Math.min(1, state.bytes / state.totalBytes))}  ` : "";
  // The least important words come last and go first; a terminal too narrow for the rest has no bar.
  const room = columns - width(bar);
  const fitting = (most: number) =>
    words.findLastIndex((_, at) => width(words.slice(0, at + 1).join("  ")) <= most) + 1;
  const enough = Math.min(words.length, WORDS_BESIDE_BAR);
  const first =
    fitting(room) >= enough
      ? bar + words.slice(0, fitting(room)).join("  ")
      : shortened(words.slice(0, Math.max(1, fitting(columns))).join("  "), columns);
  return state.current === undefined ? [first] : [first, dim(`  ${shortened(shown(state.current), columns - 2)}`)];
}

function progressWords(state: ProgressState, rate: number | undefined): string[] {
  const { phase, files, bytes, totalFiles, totalBytes, bytesMoved } = state;
  const of = (done: string, total: string | undefined) => (total === undefined ? done : `${done} of ${total}`);
  const words = [phase];
  if (totalBytes) words.push(`${Math.min(100, Math.floor((bytes / totalBytes) * 100))} %`);
  words.push(of(size(bytes), totalBytes === undefined ? undefined : size(totalBytes)));
  if (rate) {
    words.push(`${size(rate)}/s`);
    if (totalBytes && totalBytes > bytes) words.push(`${duration(((totalBytes - bytes) / rate) * 1000)} left`);
  }
  if (files !== undefined)
    words.push(`${of(count(files), totalFiles === undefined ? undefined : count(totalFiles))} files`);
  if (bytesMoved) words.push(`${size(bytesMoved)} sent`);
  return words;
}

const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

function barOf(part: number): string {
  const eighths = Math.round(part * BAR_COLUMNS * 8);
  const filled = "█".repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? "");
  return `▕${filled.padEnd(BAR_COLUMNS)}▏`;
}
