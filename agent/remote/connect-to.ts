/** A bare connection to the service, for who reads from it without an HTTP library. Nothing is sent before the other side has proven itself. */
import { connect as connectTcp, type OnReadOpts, type Socket } from "node:net";
import { sha256 } from "../../base/digest.ts";

const CONNECT_MS = 15_000;
const IDLE_MS = 120_000;

/** `fingerprint`: as in `ServiceAddress`. */
export async function connectTo(url: URL, fingerprint: string | undefined, onread: OnReadOpts): Promise<Socket> {
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  const isSecure = url.protocol === "https:";
  const options = { host, port: Number(url.port || (isSecure ? 443 : 80)), onread };
  const socket = isSecure ? await connectSecure(options, fingerprint) : connectTcp(options);
  if (!isSecure) await opened(socket, "connect");
  socket.setNoDelay(true);
  socket.setTimeout(IDLE_MS, () => socket.destroy(new Error("it does not answer")));
  return socket;
}

async function connectSecure(
  options: { readonly host: string; readonly port: number; readonly onread: OnReadOpts },
  fingerprint: string | undefined,
): Promise<Socket> {
  const { connect } = await import("node:tls"); // Lazily: it takes 20 ms to load.
  const servername = /^[\d.]+$|:/.test(options.host) ? {} : { servername: options.host };
  // The pin replaces the authorities' verdict; the check below is the only one then.
  const trust = { minVersion: "TLSv1.3", rejectUnauthorized: !fingerprint } as const;
  const socket = connect({ ...options, ...servername, ...trust });
  await opened(socket, "secureConnect");
  const key = socket.getPeerX509Certificate()?.publicKey.export({ format: "der", type: "spki" });
  const shown = key ? sha256(key).toString("hex") : "none";
  if (!fingerprint || shown === fingerprint.replaceAll(":", "").toLowerCase()) return socket;
  socket.destroy();
  throw new Error("the certificate is not the expected one");
}

async function opened(socket: Socket, event: "connect" | "secureConnect"): Promise<void> {
  const giveUp = setTimeout(() => socket.destroy(new Error("it does not answer")), CONNECT_MS);
  try {
    await new Promise((resolve, reject) => {
      socket.once(event, resolve).once("error", reject);
      socket.once("close", () => reject(new Error("the connection ended")));
    });
  } finally {
    clearTimeout(giveUp);
  }
}
