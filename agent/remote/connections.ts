/**
 * Connections are kept and shared by all who call the same address in the same way: the one that a log-in made serves the restore after it.
 */
import { Agent } from "node:http";
import type { ServiceAddress } from "./service-address.ts";

export const TIMEOUTS_MS = { connect: 15_000, idle: 120_000 } as const;

/** As many uploads as settings allow, and room beside them for what keeps the session alive. */
const SOCKETS_MAX = 20;

const made = new Map<string, Promise<Agent>>();

export function connectionsTo({ url, fingerprint }: ServiceAddress): Promise<Agent> {
  const { origin } = new URL(url);
  const key = `${origin} ${fingerprint ?? ""}`;
  const known = made.get(key);
  if (known !== undefined) return known;
  const connections = makeAgent(origin.startsWith("https:"), fingerprint);
  made.set(key, connections);
  return connections;
}

async function makeAgent(isSecure: boolean, fingerprint: string | undefined): Promise<Agent> {
  const options = { keepAlive: true, maxSockets: SOCKETS_MAX, timeout: TIMEOUTS_MS.idle };
  if (!isSecure) return new Agent(options);
  const { pinnedAgent } = await import("./pinned-agent.ts"); // Lazily: TLS takes 20 ms to load.
  return pinnedAgent({ ...options, connectMs: TIMEOUTS_MS.connect, fingerprint });
}
