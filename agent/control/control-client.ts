/** Asks the agent that runs on this machine. */
import { connect, type Socket } from "node:net";
import { fromErrorBody, HoldfastError } from "../../protocol/errors.ts";
import { lines } from "./lines.ts";
import { type ControlAnswer, type ControlRequest, controlAnswer } from "./messages.ts";
import { socketAddress } from "./socket-address.ts";

/** Throws `agent/not-running`, `agent/no-access`, and what the agent says. Its `failed` is thrown, `done` is the last. */
export async function* askAgent(
  dataFolder: string,
  request: ControlRequest,
  signal?: AbortSignal,
): AsyncGenerator<ControlAnswer> {
  const socket = await connectTo(dataFolder);
  const stop = () => socket.destroy();
  signal?.addEventListener("abort", stop, { once: true });
  try {
    socket.write(`${JSON.stringify(request)}\n`);
    for await (const line of lines(socket)) {
      const answer = parse(line);
      if (answer.kind === "failed") throw fromErrorBody(answer.error);
      yield answer;
      if (answer.kind === "done") return;
    }
    signal?.throwIfAborted();
    // Every answer that ends says so.
    throw new HoldfastError("agent/not-running", { reason: "it ended meanwhile" });
  } finally {
    signal?.removeEventListener("abort", stop);
    socket.destroy();
  }
}

async function connectTo(dataFolder: string): Promise<Socket> {
  using address = socketAddress(dataFolder);
  return await new Promise<Socket>((resolve, reject) => {
    const socket = connect(address.name);
    socket.once("connect", () => resolve(socket));
    socket.once("error", (cause: NodeJS.ErrnoException) => {
      if (cause.code === "EACCES" || cause.code === "EPERM")
        reject(new HoldfastError("agent/no-access", { path: address.file ?? address.name }, { cause }));
      else reject(new HoldfastError("agent/not-running", { reason: "nobody answers" }, { cause }));
    });
  });
}

function parse(line: string): ControlAnswer {
  try {
    return controlAnswer.parse(JSON.parse(line));
  } catch (cause) {
    throw new HoldfastError("agent/bad-request", { reason: "its answer can't be read" }, { cause });
  }
}
