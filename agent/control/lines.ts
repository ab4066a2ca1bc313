/** Lines of a socket, whole ones only. Ends with the stream; throws `agent/bad-request` for a line beyond the limit. */
import type { Readable } from "node:stream";
import { HoldfastError } from "../../protocol/errors.ts";
import { LINE_BYTES_MAX } from "./messages.ts";

export async function* lines(stream: Readable): AsyncGenerator<string> {
  let rest = "";
  stream.setEncoding("utf8");
  // A line that is refused is answered, too.
  for await (const piece of stream.iterator({ destroyOnReturn: false })) {
    rest += String(piece);
    for (let end = rest.indexOf("\n"); end >= 0; end = rest.indexOf("\n")) {
      yield rest.slice(0, end);
      rest = rest.slice(end + 1);
    }
    if (rest.length > LINE_BYTES_MAX) throw new HoldfastError("agent/bad-request", { reason: "a line is too long" });
  }
}
