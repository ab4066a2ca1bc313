/** What this computer is: for licences (server or desktop, physical or virtual) and for people who look at lists. */
import { existsSync, readdirSync } from "node:fs";
import { hostname } from "node:os";
import type { MachineFacts } from "../../protocol/messages/machines.ts";
import { VERSION } from "../../protocol/version.ts";
import { type Identity, identify } from "./fingerprint.ts";

export type MachineKind = MachineFacts["kind"];

export interface DescribeMachineOptions {
  readonly name?: string | undefined;
  /** When the guess is wrong. */
  readonly kind?: MachineKind | undefined;
}

export async function describeMachine(
  options: DescribeMachineOptions = {},
  identity?: Identity,
): Promise<MachineFacts> {
  const { default: information } = await import("systeminformation"); // Lazily: only registration asks.
  const [os, system, { fingerprint }] = await Promise.all([
    information.osInfo(),
    information.system(),
    identity ?? identify(),
  ]);
  const name = (options.name ?? hostname()).trim() || "unnamed";
  return {
    name: name.slice(0, 200),
    os: [os.distro || os.platform, os.release, os.arch].filter(Boolean).join(" ").slice(0, 200),
    kind: options.kind ?? guessKind(os.platform, os.distro),
    virtual: system.virtual ?? false,
    fingerprint,
    agentVersion: VERSION,
  };
}

/** Linux says nothing of its purpose: a system on which nobody can log in to a desktop is taken for a server. */
function guessKind(platform: string, distro: string): MachineKind {
  if (/server/i.test(distro)) return "server";
  if (platform !== "linux") return "desktop";
  return ["/usr/share/xsessions", "/usr/share/wayland-sessions"].some(hasEntries) ? "desktop" : "server";
}

const hasEntries = (folder: string): boolean => existsSync(folder) && readdirSync(folder).length > 0;
