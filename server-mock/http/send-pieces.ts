/** An answer that is handed on piece by piece: a piece is on its way to the network before the next one is asked for. */
import type { FastifyReply } from "fastify";
import type { Pour } from "./call.ts";

/** A caller who takes nothing at all for so long holds the connection, and what is open for it, no longer. Whoever reads slowly takes something. */
const STUCK_MS = 5 * 60_000;

/** Status and headers are those of `reply`; nothing is sent before the first piece, so that until then a failure can still be an answer. */
export async function sendPieces(reply: FastifyReply, pour: Pour, stuckMs = STUCK_MS): Promise<void> {
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
        // Only while it is the caller's turn; without a listener of our own, Node ends the connection.
        raw.socket?.setTimeout(stuckMs);
        raw.write(piece, (error) => {
          raw.socket?.setTimeout(0);
          if (error) reject(error);
          else resolve();
        });
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
