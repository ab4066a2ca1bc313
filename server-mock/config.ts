/** What the service can be told; the only reader of its environment. */
import { hostname } from "node:os";
import { resolve } from "node:path";
import { HoldfastError } from "../protocol/errors.ts";
import type { LogLevel } from "./http/log.ts";

export const DEFAULT_LISTEN = "127.0.0.1:8470";
const DEFAULT_DATA = ".holdfast/service";

export interface Address {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
}

export interface Config {
  /** Folder of database, storage and keys. */
  readonly data: string;
  readonly listen: Address;
  readonly log: LogLevel;
}

/** Options win over the environment, the environment over defaults. Throws `config/invalid`. */
export function readConfig(options: {
  data?: string | undefined;
  listen?: string | undefined;
  port?: string | undefined;
  log?: LogLevel | undefined;
}): Config {
  const listen = parseListen(options.listen ?? process.env.HOLDFAST_LISTEN ?? DEFAULT_LISTEN);
  const port = options.port === undefined ? listen.port : parsePort(options.port, "--port");
  return {
    data: resolve(options.data ?? process.env.HOLDFAST_DATA ?? DEFAULT_DATA),
    listen: { ...listen, port },
    log: options.log ?? "info",
  };
}

/** `host:port`, `[IPv6]:port`, or one of the two alone. */
export function parseListen(text: string): Address {
  const setting = `--listen ${text}`;
  if (/^\d+$/.test(text)) return { host: "127.0.0.1", port: parsePort(text, setting) };
  const [, bracketed, plain, port] = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]\s]*))(?::(\d+))?$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined) throw new HoldfastError("config/invalid", { setting, reason: "it is not host:port" });
  const fallback = parseListenPort(DEFAULT_LISTEN);
  return { host: host === "" ? "0.0.0.0" : host, port: port === undefined ? fallback : parsePort(port, setting) };
}

export const isLoopback = (host: string): boolean =>
  host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);

/** The names and addresses that a self-made certificate is good for. */
export const certificateHosts = (host: string): string[] => {
  const anywhere = host === "0.0.0.0" || host === "::";
  return [...new Set(["localhost", "127.0.0.1", "::1", hostname(), ...(anywhere ? [] : [host])])];
};

const parseListenPort = (text: string): number => Number(text.split(":").at(-1));

function parsePort(text: string, setting: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port <= 65_535)) throw new HoldfastError("config/invalid", { setting, reason: "a port is 0 to 65535" });
  return port;
}
