/**
 * What makes this computer itself, as a keyed digest: the same at every call, another one on a copy of its disk. Which numbers it is made of is noted
 * at registration, because not everybody may read all of them: the hardware's is root's on Linux.
 */
import { readFile } from "node:fs/promises";
import { hostname, platform } from "node:os";
import { sha256 } from "../../base/digest.ts";

/** `hardware`: the system's number and the hardware's; `system`: only the system's; `none`: neither is sure, so nothing can be compared. */
export type IdentifiedBy = "hardware" | "system" | "none";

export interface Numbers {
  readonly system: string;
  readonly hardware: string;
}

export interface Identity {
  readonly fingerprint: string;
  readonly identifiedBy: IdentifiedBy;
}

export async function identify(numbers?: Numbers): Promise<Identity> {
  const { system, hardware } = numbers ?? (await readNumbers());
  // Containers have no number of their own, and share their host's.
  if (system === "") return { fingerprint: digestOf(hostname(), hardware), identifiedBy: "none" };
  return { fingerprint: digestOf(system, hardware), identifiedBy: hardware === "" ? "system" : "hardware" };
}

/** As at registration; undefined: this computer, or this person, can't tell. Quick: it is asked at every backup. */
export async function currentFingerprint(
  identifiedBy: IdentifiedBy | undefined,
  numbers?: Numbers,
): Promise<string | undefined> {
  // Elsewhere asking takes a second or more.
  if (identifiedBy === undefined || identifiedBy === "none" || (numbers === undefined && platform() !== "linux"))
    return undefined;
  const { system, hardware } = numbers ?? (await readNumbers());
  if (system === "" || (identifiedBy === "hardware" && hardware === "")) return undefined;
  return digestOf(system, identifiedBy === "hardware" ? hardware : "");
}

const digestOf = (system: string, hardware: string): string =>
  sha256(Buffer.from(`holdfast/v1/machine\0${system}\0${hardware}`)).toString("hex");

async function readNumbers(): Promise<Numbers> {
  if (platform() === "linux")
    return {
      system: (await textOf("/var/lib/dbus/machine-id")) || (await textOf("/etc/machine-id")),
      hardware: await textOf("/sys/class/dmi/id/product_uuid"),
    };
  const { default: information } = await import("systeminformation"); // Lazily: only registration asks.
  const { os, hardware } = await information.uuid();
  return { system: os, hardware };
}

const textOf = (path: string): Promise<string> =>
  readFile(path, "utf8").then(
    (text) => text.trim().toLowerCase(),
    () => "",
  );
