/** TLS to a service whose certificate's public key is known by its fingerprint: nobody else's word counts, and nothing is sent before it is checked. */
import { Agent, type AgentOptions } from "node:https";
import type { Duplex } from "node:stream";
import { type ConnectionOptions, connect } from "node:tls";
import { sha256 } from "../../base/digest.ts";
import { PinError } from "./pin-error.ts";

export interface PinnedAgentOptions extends AgentOptions {
  readonly fingerprint: string | undefined;
  /** How long a handshake may take. */
  readonly connectMs: number;
}

/** Without a fingerprint: an agent that trusts the system's certificate authorities. */
export function pinnedAgent({ fingerprint, connectMs, ...options }: PinnedAgentOptions): Agent {
  return fingerprint
    ? new PinnedAgent(options, fingerprint.replaceAll(":", "").toLowerCase(), connectMs)
    : new Agent({ ...options, minVersion: "TLSv1.3" });
}

class PinnedAgent extends Agent {
  readonly #fingerprint: string;
  readonly #connectMs: number;

  constructor(options: AgentOptions, fingerprint: string, connectMs: number) {
    super(options);
    this.#fingerprint = fingerprint;
    this.#connectMs = connectMs;
  }

  override createConnection(
    options: ConnectionOptions,
    callback?: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    // The pin replaces the authorities' verdict; the check below is the only one.
    const socket = connect({ ...options, rejectUnauthorized: false, minVersion: "TLSv1.3" });
    const giveUp = setTimeout(
      () => socket.destroy(Object.assign(new Error("no answer in time"), { code: "ETIMEDOUT" })),
      this.#connectMs,
    );
    socket.once("close", () => clearTimeout(giveUp));
    socket.once("secureConnect", () => {
      clearTimeout(giveUp);
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
