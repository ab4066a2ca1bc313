/** Answers to what never became a request: Node's parser gave up, so there is only a socket to write to. */
import type { Socket } from "node:net";
import { HoldfastError, toErrorBody } from "../../protocol/errors.ts";

/** Larger heads than this are refused: request line, query and headers together. */
export const HEAD_BYTES_MAX = 16 * 1024;

export function refuseBroken(error: Error & { code?: string }, socket: Socket): void {
  const known = explainCode(error.code);
  if (known === undefined || !socket.writable || socket.bytesWritten > 0) {
    socket.destroy();
    return;
  }
  const body = JSON.stringify({ error: toErrorBody(known) });
  const head = [
    `HTTP/1.1 ${known.status} ${known.code}`,
    "content-type: application/json; charset=utf-8",
    `content-length: ${Buffer.byteLength(body)}`,
    "connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`, () => socket.destroy());
}

function explainCode(code: string | undefined): HoldfastError | undefined {
  switch (code) {
    case "ECONNRESET":
    case "EPIPE":
      return undefined;
    case "HPE_HEADER_OVERFLOW":
    case "HPE_CHUNK_EXTENSIONS_OVERFLOW":
      return new HoldfastError("request/head-too-large", { limit: HEAD_BYTES_MAX });
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return new HoldfastError("request/too-slow");
    default:
      return new HoldfastError("request/malformed", { reason: "it is not HTTP" });
  }
}
