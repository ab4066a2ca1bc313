/** By which networks the machine reaches others, and whether one of them is metered. */
import { access, readFile } from "node:fs/promises";
import type { AskProgram } from "./ask-program.ts";
import { DEVICES, type Device, parseDevices, parseIw, parseSsids, SSIDS } from "./network-manager.ts";
import type { Network } from "./readings.ts";
import { wayOut } from "./routes.ts";

const FRESH_MS = 60_000;
/** What these carry goes on through another one. */
const TUNNELS = ["tun", "wireguard", "vpn", "ip-tunnel", "dummy"];

/** Programs are asked at most once a minute as long as the ways out are the same. */
export class NetworkSensor {
  readonly #platform: NodeJS.Platform;
  readonly #ask: AskProgram;
  #known: { readonly key: string; readonly atMs: number; readonly network: Network | null } | undefined;

  constructor(platform: NodeJS.Platform, ask: AskProgram) {
    this.#platform = platform;
    this.#ask = ask;
  }

  /** `nowMs` of any clock that only goes on. */
  async read(nowMs: number): Promise<Network | null> {
    const ways = this.#platform === "linux" ? await readWays() : [];
    const key = ways.join("\n");
    if (this.#known?.key === key && nowMs - this.#known.atMs < FRESH_MS) return this.#known.network;
    const network = this.#platform === "linux" ? await this.#linux(ways) : await askSystem();
    this.#known = { key, atMs: nowMs, network };
    return network;
  }

  async #linux(ways: readonly string[]): Promise<Network> {
    if (ways.length === 0) return { names: [], isMetered: null };
    const text = await this.#ask("nmcli", ...DEVICES);
    const devices = text === null ? [] : parseDevices(text);
    const areWireless = await Promise.all(ways.map(isWireless));
    const ssids = areWireless.includes(true) ? await this.#ssids(text !== null) : new Map<string, string>();
    return networkOf(ways, devices, ssids);
  }

  async #ssids(hasManager: boolean): Promise<Map<string, string>> {
    if (hasManager) return parseSsids((await this.#ask("nmcli", ...SSIDS)) ?? "");
    return parseIw((await this.#ask("iw", "dev")) ?? "");
  }
}

/** `ways`: interfaces that lead out, the preferred one first. Whether it costs is said by the first that is no tunnel and knows. */
export function networkOf(
  ways: readonly string[],
  devices: readonly Device[],
  ssids: ReadonlyMap<string, string>,
): Network {
  const used = ways.flatMap((way) => devices.filter(({ device, isConnected }) => device === way && isConnected));
  const names = ways.flatMap((way) => [
    ...used.filter(({ device }) => device === way).map(({ connection }) => connection),
    ssids.get(way) ?? "",
    way,
  ]);
  const told = used.find(({ type, isMetered }) => isMetered !== null && !TUNNELS.includes(type));
  return { names: [...new Set(names)].filter((name) => name !== ""), isMetered: told?.isMetered ?? null };
}

async function readWays(): Promise<string[]> {
  const textOf = (path: string) => readFile(path, "utf8").catch(() => "");
  return wayOut(await textOf("/proc/net/route"), await textOf("/proc/net/ipv6_route"));
}

const isWireless = (device: string): Promise<boolean> =>
  access(`/sys/class/net/${device}/wireless`).then(
    () => true,
    () => false,
  );

/** macOS and Windows: names only. */
async function askSystem(): Promise<Network | null> {
  const { default: information } = await import("systeminformation");
  const connections = await information.wifiConnections();
  const main = await information.networkInterfaceDefault();
  const names = [...connections.map(({ ssid }) => ssid), main].filter((name) => name !== "");
  return { names: [...new Set(names)], isMetered: null };
}
