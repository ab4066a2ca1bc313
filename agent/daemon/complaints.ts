/**
 * What the person at the screen is told: troubles that somebody must see to, each once, and again only when it was gone and a day has passed. What goes
 * by itself is not told: a laptop without a network is no trouble, and when that lasts the backup is old.
 */
import { HoldfastError, isErrorCode } from "../../protocol/errors.ts";
import type { TroubleView } from "../control/messages.ts";
import type { DaemonMemory } from "./memory.ts";

export type Notify = (title: string, text: string) => void;

/** By code. */
type Told = Readonly<Record<string, { readonly at: number; readonly isThere: boolean }>>;

const DAY_MS = 86_400_000;
const QUIET: ReadonlySet<string> = new Set(["service/away", "watch/incomplete", "root/none", "command/interrupted"]);
const FACT = "told";

export class Complaints {
  readonly #memory: DaemonMemory;
  readonly #notify: Notify;

  constructor(memory: DaemonMemory, notify: Notify) {
    this.#memory = memory;
    this.#notify = notify;
  }

  /** These are the troubles now. */
  tell(troubles: readonly TroubleView[], nowMs: number): void {
    // Written just below.
    const before = (this.#memory.find(FACT) ?? {}) as Told;
    const there = troubles.filter(({ code }) => isForPeople(code));
    const unheard = there.filter(({ code }) => isNews(before[code], nowMs));
    const told: Told = Object.fromEntries([
      ...Object.entries(before)
        .filter(([, { at }]) => nowMs - at < DAY_MS)
        .map(([code, { at }]) => [code, { at, isThere: false }] as const),
      ...there.map(({ code }) => [code, { at: before[code]?.at ?? nowMs, isThere: true }] as const),
      ...unheard.map(({ code }) => [code, { at: nowMs, isThere: true }] as const),
    ]);
    if (JSON.stringify(told) !== JSON.stringify(before)) this.#memory.put(FACT, told);
    if (unheard.length === 0) return;
    const title =
      unheard.length === 1 ? "Holdfast: your backup needs you" : `Holdfast: ${unheard.length} things need you`;
    this.#notify(title, unheard.map(({ message }) => message).join("\n"));
  }
}

const isNews = (told: Told[string] | undefined, nowMs: number): boolean =>
  told === undefined || (!told.isThere && nowMs - told.at >= DAY_MS);

const isForPeople = (code: string): boolean =>
  !QUIET.has(code) && !(isErrorCode(code) && new HoldfastError(code).kind === "unavailable");
