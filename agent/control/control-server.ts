/**
 * The agent's side of the control socket. Only the owner of the data folder can connect: the folder is closed to others, and the socket is 0600.
 * Whoever may connect may do all of it.
 */
import { chmodSync, rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { asHoldfastError, HoldfastError, toErrorBody } from "../../protocol/errors.ts";
import { lines } from "./lines.ts";
import { type ControlAnswer, controlRequest, type ParsedRequest } from "./messages.ts";
import { socketAddress } from "./socket-address.ts";

/** Answers one request; the signal is aborted when whoever asked has gone. */
export type Answer = (request: ParsedRequest, signal: AbortSignal) => AsyncIterable<ControlAnswer>;

const CONNECTIONS_MAX = 32;
/** Whoever connects asks something within this time. */
const SILENT_MS = 30_000;
/** At the end: for what is on its way to a reader that reads. */
const LAST_WORDS_MS = 500;

/** Whoever calls holds the agent's lock: a socket that lies there is of one that ended. */
export async function serveControl(dataFolder: string, answer: Answer): Promise<AsyncDisposable> {
  const address = socketAddress(dataFolder);
  if (address.file !== undefined) rmSync(address.file, { force: true });
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on("close", () => open.delete(socket));
    socket.on("error", () => socket.destroy());
    socket.setTimeout(SILENT_MS, () => socket.destroy());
    void serve(socket, answer).finally(() => socket.destroySoon());
  });
  server.maxConnections = CONNECTIONS_MAX;
  const before = process.umask(0o177);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(address.name, resolve);
    });
  } catch (error) {
    address[Symbol.dispose]();
    throw error;
  } finally {
    process.umask(before);
  }
  if (address.file !== undefined) chmodSync(address.file, 0o600);
  return {
    [Symbol.asyncDispose]: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of open) socket.destroySoon();
      const patience = setTimeout(() => {
        for (const socket of open) socket.destroy();
      }, LAST_WORDS_MS);
      await closed;
      clearTimeout(patience);
      address[Symbol.dispose]();
    },
  };
}

async function serve(socket: Socket, answer: Answer): Promise<void> {
  const gone = new AbortController();
  socket.on("close", () => gone.abort());
  const asked = lines(socket);
  try {
    let next = asked.next();
    for (let line = await next; !line.done; line = await next) {
      socket.setTimeout(0);
      // Reads on while it answers: only so it notices that whoever asked has gone.
      next = asked.next();
      next.catch(() => undefined);
      for await (const each of answered(line.value, answer, gone.signal)) await send(socket, each);
    }
  } catch (error) {
    if (!gone.signal.aborted) await send(socket, { kind: "failed", error: toErrorBody(asHoldfastError(error)) });
  }
}

async function* answered(line: string, answer: Answer, signal: AbortSignal): AsyncGenerator<ControlAnswer> {
  try {
    yield* answer(parse(line), signal);
  } catch (error) {
    if (!signal.aborted) yield { kind: "failed", error: toErrorBody(asHoldfastError(error)) };
  }
}

function parse(line: string): ParsedRequest {
  try {
    return controlRequest.parse(JSON.parse(line));
  } catch (cause) {
    throw new HoldfastError("agent/bad-request", { reason: "it does not understand what is asked" }, { cause });
  }
}

/** A reader that does not read holds up its own answer only. */
async function send(socket: Socket, answer: ControlAnswer): Promise<void> {
  if (socket.destroyed || socket.write(`${JSON.stringify(answer)}\n`)) return;
  await new Promise<void>((resolve) => {
    socket.once("drain", resolve);
    socket.once("close", resolve);
  });
}
