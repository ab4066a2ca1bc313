/** Where the service listens. */
import { hostname } from "node:os";
import { kind } from "./kinds.ts";

export const DEFAULT_PORT = 8470;

export interface Address {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
}

/** `host:port`, `[IPv6]:port`, or one of the two alone. */
export const listenAddress = kind("host:port, [IPv6]:port or one of the two; a port is 0 to 65535", parseListen);

export const port = kind("a port, 0 to 65535", parsePort);

function parseListen(text: string): Address | undefined {
  const alone = parsePort(text);
  if (alone !== undefined) return { host: "127.0.0.1", port: alone };
  const [, bracketed, plain, after] = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]\s]*))(?::(\d+))?$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  const taken = after === undefined ? DEFAULT_PORT : parsePort(after);
  if (host === undefined || taken === undefined || /^\d+$/.test(host)) return undefined;
  return { host: host === "" ? "0.0.0.0" : host, port: taken };
}

function parsePort(text: string): number | undefined {
  const number = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  return number <= 65_535 ? number : undefined;
}

export const isLoopback = (host: string): boolean =>
  host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);

/** The names and addresses that a self-made certificate is good for. */
export const certificateHosts = (host: string): string[] => {
  const anywhere = host === "0.0.0.0" || host === "::";
  return [...new Set(["localhost", "127.0.0.1", "::1", hostname(), ...(anywhere ? [] : [host])])];
};
