/** What the agent answers to somebody at the machine. */
import type { ControlAnswer, ParsedRequest, RunningView } from "../control/messages.ts";
import type { Daemon } from "./daemon.ts";
import { MessageQueue } from "./message-queue.ts";

/** A reader that is slower gets the newest. */
const WAITING_MAX = 1000;

export async function* answerControl(
  daemon: Daemon,
  request: ParsedRequest,
  gone: AbortSignal,
): AsyncGenerator<ControlAnswer> {
  switch (request.op) {
    case "status":
      yield { kind: "status", status: daemon.status() };
      yield { kind: "done" };
      return;
    case "watch":
      yield* watched(daemon, request.everyMs, gone);
      return;
    case "backup":
      yield* backedUp(daemon, request, gone);
      return;
    case "pause":
      yield { kind: "done", pausedUntil: daemon.pause(request.forMs) };
      return;
    case "resume":
      daemon.resume();
      yield { kind: "done" };
      return;
    case "cancel":
      daemon.cancel();
      yield { kind: "done" };
      return;
    case "logs":
      yield* logged(daemon, request, gone);
      return;
    case "reload":
      daemon.reload();
      yield { kind: "done" };
      return;
  }
}

async function* watched(daemon: Daemon, everyMs: number, gone: AbortSignal): AsyncGenerator<ControlAnswer> {
  const { clock } = daemon.parts;
  while (!gone.aborted) {
    yield { kind: "status", status: daemon.status() };
    await clock.sleep(everyMs, gone).catch(() => undefined);
  }
}

async function* backedUp(
  daemon: Daemon,
  { to, follow, full }: Extract<ParsedRequest, { op: "backup" }>,
  gone: AbortSignal,
): AsyncGenerator<ControlAnswer> {
  // What stops it at once is said at once.
  await daemon.mayBackUp();
  // Whoever goes away leaves the backup running.
  const ended = daemon.backUpNow({ type: to === "local" ? "Local" : "Manual", isFull: full });
  if (!follow) {
    ended.catch(() => undefined); // The log has it.
    yield { kind: "done" };
    return;
  }
  const queue = new MessageQueue<RunningView>(1);
  using _listening = daemon.runner.onProgress((running) => queue.push(running));
  const run = ended.finally(() => queue.end());
  run.catch(() => undefined);
  for await (const running of queue.read(gone)) yield { kind: "progress", running };
  if (gone.aborted) return;
  yield { kind: "done", run: await run };
}

async function* logged(
  daemon: Daemon,
  { lines, follow }: Extract<ParsedRequest, { op: "logs" }>,
  gone: AbortSignal,
): AsyncGenerator<ControlAnswer> {
  const { log } = daemon.parts;
  const queue = new MessageQueue<string>(WAITING_MAX);
  using _following = log.follow((line) => queue.push(line));
  for (const line of log.tail(lines)) yield { kind: "log", line };
  if (follow) for await (const line of queue.read(gone)) yield { kind: "log", line };
  else yield { kind: "done" };
}
