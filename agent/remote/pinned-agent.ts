/** TLS to a service whose certificate's public key is known by its fingerprint: nobody else's word counts, and nothing is sent before it is checked. */
import { Agent, type AgentOptions } from "node:https";
import type { Duplex } from "node:stream";
import { type ConnectionOptions, connect } from "node:tls";
import { sha256 } from "../../base/digest.ts";

export class PinError extends Error {
  readonly fingerprint: string;

  constructor(fingerprint: string) {
    super("the certificate is not the expected one");
    this.fingerprint = fingerprint;
  }
}

/** Without a fingerprint: an agent that trusts the system's certificate authorities. */
export function pinnedAgent({ fingerprint, ...options }: AgentOptions & { fingerprint: string | undefined }): Agent {
  return fingerprint
    ? new PinnedAgent(options, fingerprint.replaceAll(":", "").toLowerCase())
    : new Agent({ ...options, minVersion: "TLSv1.3" });
}

/** The pin error behind whatever the HTTP library made of it. */
export function pinProblem(error: unknown): PinError | undefined {
  for (let each = error; each instanceof Error; each = each.cause) if (each instanceof PinError) return each;
  return undefined;
}

class PinnedAgent extends Agent {
  readonly #fingerprint: string;

  constructor(options: AgentOptions, fingerprint: string) {
    super(options);
    this.#fingerprint = fingerprint;
  }

  override createConnection(
    options: ConnectionOptions,
    callback?: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    // The pin replaces the authorities' verdict; the check below is the only one.
    const socket = connect({ ...options, rejectUnauthorized: false, minVersion: "TLSv1.3" });
    socket.once("secureConnect", () => {
      const shown = socket.getPeerX509Certificate()?.publicKey.export({ format: "der", type: "spki" });
      const fingerprint = shown ? sha256(shown).toString("hex") : "none";
      if (fingerprint === this.#fingerprint) return callback?.(null, socket);
      socket.destroy();
      callback?.(new PinError(fingerprint), socket);
    });
    socket.once("error", (error) => callback?.(error, socket));
    return undefined;
  }
}
