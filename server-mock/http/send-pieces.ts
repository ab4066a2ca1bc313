/** An answer that is handed on piece by piece: a piece is on its way to the network before the next one is asked for. */
import type { FastifyReply } from "fastify";
import type { Pour } from "./call.ts";

/** Status and headers are those of `reply`; nothing is sent before the first piece, so that until then a failure can still be an answer. */
export async function sendPieces(reply: FastifyReply, pour: Pour): Promise<void> {
  const { raw } = reply;
  let isBegun = false;
  let giveUp: ((error: Error) => void) | undefined;
  const onClose = () => giveUp?.(new Error("the caller went away"));
  raw.once("close", onClose);
  try {
    await pour((piece) => {
      if (!isBegun) begin(reply);
      isBegun = true;
      return new Promise((resolve, reject) => {
        giveUp = reject;
        raw.write(piece, (error) => (error ? reject(error) : resolve()));
      });
    });
    raw.end();
  } catch (error) {
    if (!isBegun) throw error;
    // The head has gone, so only a broken connection can tell.
    reply.log.info({ cause: error }, "an answer broke off");
    raw.destroy();
  } finally {
    raw.off("close", onClose);
  }
}

function begin(reply: FastifyReply): void {
  reply.hijack();
  for (const [name, value] of Object.entries(reply.getHeaders()))
    if (value !== undefined) reply.raw.setHeader(name, value);
  reply.raw.writeHead(reply.statusCode);
}
