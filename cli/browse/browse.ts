/** Looking around in a history on the whole screen: keys and answers go into the model, its wishes to the agent, its lines to the screen. */
import type { Vault } from "../../agent/index.ts";
import type { Context } from "../context.ts";
import { draw } from "./draw.ts";
import { Keys } from "./keys.ts";
import { type Browse, begin, type Step } from "./model.ts";
import { press } from "./press.ts";
import { Screen } from "./screen.ts";
import { type Event, take } from "./take.ts";
import { Work } from "./work.ts";

export type BrowseContext = Pick<Context, "terminal" | "timeZone" | "clock" | "signal" | "when">;

export interface BrowseOptions {
  readonly machine: string;
  /** Where to begin; absent: the newest. */
  readonly snapshot?: number | undefined;
}

/** An escape that nothing has followed for so long is the key. */
const ESCAPE_MS = 40;

/** Until somebody leaves. Throws what ended it otherwise; the terminal is as it was before. */
export async function browse(
  context: BrowseContext,
  vault: Vault,
  { machine, snapshot }: BrowseOptions,
): Promise<void> {
  const { terminal, timeZone, clock, signal } = context;
  const { streams, manner } = terminal;
  const snapshots = await vault.snapshots();
  const left = Promise.withResolvers<void>();
  using screen = new Screen(streams, manner);
  const keys = new Keys();
  let state: Browse;
  let isDrawing = false;

  const redraw = (): void => {
    if (isDrawing) return;
    isDrawing = true;
    // Several events of one turn are drawn together.
    setImmediate(() => {
      isDrawing = false;
      screen.show(draw(state, { timeZone }));
    });
  };
  const go = (step: Step): void => {
    state = step.state;
    for (const wish of step.wishes) {
      if (wish.kind === "quit") left.resolve();
      else work.begin(wish);
    }
    redraw();
  };
  /** What fails in here must not be lost in a listener. */
  const safely =
    <Given>(act: (given: Given) => void) =>
    (given: Given): void => {
      try {
        act(given);
      } catch (error) {
        left.reject(error);
      }
    };
  const tell = safely((event: Event) => go(take(state, event)));
  const work = new Work(vault, { when: context.when, now: () => clock.now(), signal, tell });

  let waiting: NodeJS.Timeout | undefined;
  const pressAll = (pressed: readonly string[]): void => {
    for (const key of pressed) {
      if (key === "ctrl-l") screen.forget();
      go(press(state, key));
    }
  };
  const onData = safely((piece: Buffer) => {
    clearTimeout(waiting);
    pressAll(keys.of(piece));
    if (keys.isOpen)
      waiting = setTimeout(
        safely(() => pressAll(keys.flush())),
        ESCAPE_MS,
      );
  });
  const onResize = safely(() => {
    screen.forget();
    tell({ kind: "resized", ...screen.size });
  });
  const onEnd = () => left.resolve();
  const onAbort = () => left.reject(signal.reason);

  screen.open();
  const first = begin({ machine, snapshots, size: screen.size, snapshot });
  state = first.state;
  go(first);
  streams.stdin.on("data", onData);
  streams.stdin.once("end", onEnd);
  streams.stdout.on("resize", onResize);
  signal.addEventListener("abort", onAbort, { once: true });
  streams.stdin.resume();
  try {
    signal.throwIfAborted();
    await left.promise;
  } finally {
    clearTimeout(waiting);
    streams.stdin.off("data", onData);
    streams.stdin.off("end", onEnd);
    streams.stdout.off("resize", onResize);
    signal.removeEventListener("abort", onAbort);
    streams.stdin.pause();
    await work.end();
  }
}
