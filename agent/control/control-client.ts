/** Asks the agent that runs on this machine. */
import { connect, type Socket } from "node:net";
import { fromErrorBody, HoldfastError } from "../../protocol/errors.ts";
import { lines } from "./lines.ts";
import { type ControlAnswer, type ControlRequest, controlAnswer } from "./messages.ts";
import { type SocketAddress, socketAddress } from "./socket-address.ts";

/** An agent that hangs must not hang whoever asks how it is. */
const ANSWER_MS = 10_000;

/** Throws `agent/not-running`, `agent/no-access`, `agent/no-answer`, and what the agent says. Its `failed` is thrown, `done` is the last. */
export async function* askAgent(
  dataFolder: string,
  request: ControlRequest,
  signal?: AbortSignal,
  answerMs = ANSWER_MS,
): AsyncGenerator<ControlAnswer> {
  const socket = await connectTo(dataFolder);
  const stop = () => socket.destroy();
  signal?.addEventListener("abort", stop, { once: true });
  const late = isAnsweredSoon(request) ? setTimeout(() => socket.destroy(noAnswer()), answerMs) : undefined;
  try {
    socket.write(`${JSON.stringify(request)}\n`);
    for await (const line of lines(socket)) {
      clearTimeout(late);
      const answer = parse(line);
      if (answer.kind === "failed") throw fromErrorBody(answer.error);
      yield answer;
      if (answer.kind === "done") return;
    }
    signal?.throwIfAborted();
    // Every answer that ends says so.
    throw new HoldfastError("agent/not-running", { reason: "it ended meanwhile" });
  } catch (cause) {
    if (signal?.aborted || cause instanceof HoldfastError) throw cause;
    throw new HoldfastError("agent/not-running", { reason: "it ended meanwhile" }, { cause });
  } finally {
    clearTimeout(late);
    signal?.removeEventListener("abort", stop);
    socket.destroy();
  }
}

/** Others have their first words when something happens. */
const isAnsweredSoon = (request: ControlRequest): boolean =>
  !((request.op === "backup" || request.op === "logs") && request.follow);

const noAnswer = () => new HoldfastError("agent/no-answer", { seconds: ANSWER_MS / 1000 });

async function connectTo(dataFolder: string): Promise<Socket> {
  using address = findAddress(dataFolder);
  return await new Promise<Socket>((resolve, reject) => {
    const socket = connect(address.name);
    socket.once("connect", () => resolve(socket));
    socket.once("error", (cause) => reject(unconnected(cause, address.file ?? address.name)));
  });
}

function findAddress(dataFolder: string): SocketAddress {
  try {
    return socketAddress(dataFolder);
  } catch (cause) {
    if (cause instanceof HoldfastError) throw cause;
    throw unconnected(cause, dataFolder);
  }
}

function unconnected(cause: unknown, path: string): HoldfastError {
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  if (code === "EACCES" || code === "EPERM") return new HoldfastError("agent/no-access", { path }, { cause });
  // More wait than it lets in: it is there, and stuck.
  if (code === "EAGAIN") return noAnswer();
  return new HoldfastError("agent/not-running", { reason: "nobody answers" }, { cause });
}

function parse(line: string): ControlAnswer {
  try {
    return controlAnswer.parse(JSON.parse(line));
  } catch (cause) {
    throw new HoldfastError("agent/bad-request", { reason: "its answer can't be read" }, { cause });
  }
}
