/** A bare connection to the service, for who reads from it without an HTTP library. Nothing is sent before the other side has proven itself. */
import { connect as connectTcp, type OnReadOpts, type Socket } from "node:net";
import { sha256 } from "../../base/digest.ts";

const CONNECT_MS = 15_000;
const IDLE_MS = 120_000;

export interface ConnectOptions {
  /** As in `ServiceAddress`. */
  readonly fingerprint?: string | undefined;
  readonly onread: OnReadOpts;
  /** Gives up connecting. */
  readonly signal: AbortSignal;
}

export async function connectTo(url: URL, { fingerprint, onread, signal }: ConnectOptions): Promise<Socket> {
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  const isSecure = url.protocol === "https:";
  const options = { host, port: Number(url.port || (isSecure ? 443 : 80)), onread };
  const socket = isSecure ? await connectSecure(options, fingerprint, signal) : connectTcp(options);
  if (!isSecure) await opened(socket, "connect", signal);
  socket.setNoDelay(true);
  socket.setTimeout(IDLE_MS, () => socket.destroy(new Error("it does not answer")));
  return socket;
}

async function connectSecure(
  options: { readonly host: string; readonly port: number; readonly onread: OnReadOpts },
  fingerprint: string | undefined,
  signal: AbortSignal,
): Promise<Socket> {
  const { connect } = await import("node:tls"); // Lazily: it takes 20 ms to load.
  const servername = /^[\d.]+$|:/.test(options.host) ? {} : { servername: options.host };
  // The pin replaces the authorities' verdict; the check below is the only one then.
  const trust = { minVersion: "TLSv1.3", rejectUnauthorized: !fingerprint } as const;
  const socket = connect({ ...options, ...servername, ...trust });
  await opened(socket, "secureConnect", signal);
  const key = socket.getPeerX509Certificate()?.publicKey.export({ format: "der", type: "spki" });
  const shown = key ? sha256(key).toString("hex") : "none";
  if (!fingerprint || shown === fingerprint.replaceAll(":", "").toLowerCase()) return socket;
  socket.destroy();
  throw new Error("the certificate is not the expected one");
}

async function opened(socket: Socket, event: "connect" | "secureConnect", signal: AbortSignal): Promise<void> {
  const giveUp = setTimeout(() => socket.destroy(new Error("it does not answer")), CONNECT_MS);
  const onAbort = () => void socket.destroy(new Error("connecting was given up"));
  signal.addEventListener("abort", onAbort);
  if (signal.aborted) onAbort();
  try {
    await new Promise((resolve, reject) => {
      socket.once(event, resolve).once("error", reject);
      socket.once("close", () => reject(new Error("the connection ended")));
    });
  } finally {
    clearTimeout(giveUp);
    signal.removeEventListener("abort", onAbort);
  }
}
