/** Which tools this machine has. */
import { type CommandLine, runCommand } from "../measure/run-command.ts";
import { borg, borgServe, borgZstd } from "./borg.ts";
import { holdfast } from "./holdfast.ts";
import { restic, resticRest } from "./restic.ts";
import type { Absent, Tool } from "./tool.ts";

export interface FoundTools {
  readonly tools: readonly Tool[];
  readonly absent: readonly Absent[];
}

const PEER_NAMES = ["restic", "restic-rest", "borg", "borg-zstd", "borg-serve"] as const;
type PeerName = (typeof PEER_NAMES)[number];

export const TOOL_NAMES: readonly string[] = ["holdfast", ...PEER_NAMES];

/** Holdfast is built first, unless `build` says no. */
export async function findTools({ tools, build }: { tools: ReadonlySet<string>; build: boolean }): Promise<FoundTools> {
  const peers = await findPeers(tools);
  if (!tools.has("holdfast")) return peers;
  return { ...peers, tools: [await holdfast({ build }), ...peers.tools] };
}

async function findPeers(wanted: ReadonlySet<string>): Promise<FoundTools> {
  const resticVersion = await firstLine(["restic", "version"]);
  const borgVersion = await firstLine(["borg", "--version"]);
  const server = await findRestServer();
  const found: Record<PeerName, Tool | string> = {
    restic: resticVersion ? restic(resticVersion) : "restic is not installed",
    "restic-rest":
      resticVersion && server
        ? resticRest(resticVersion, server.program, server.version)
        : "restic or its REST server (rest-server, restic-rest-server) is not installed",
    borg: borgVersion ? borg(borgVersion) : "borg is not installed",
    "borg-zstd": borgVersion ? borgZstd(borgVersion) : "borg is not installed",
    "borg-serve": borgVersion ? borgServe(borgVersion) : "borg is not installed",
  };
  const chosen = PEER_NAMES.filter((name) => wanted.has(name));
  return {
    tools: chosen.flatMap((name) => (typeof found[name] === "string" ? [] : found[name])),
    absent: chosen.flatMap((name) => (typeof found[name] === "string" ? { name, reason: found[name] } : [])),
  };
}

async function findRestServer(): Promise<{ program: string; version: string } | undefined> {
  for (const program of ["rest-server", "restic-rest-server"]) {
    const version = await firstLine([program, "--version"]);
    if (version) return { program, version: version.replace(/^.* version /, "") };
  }
  return undefined;
}

/** Without what comes after the version; undefined when the program can't be started. */
async function firstLine(argv: CommandLine["argv"]): Promise<string | undefined> {
  try {
    const { output } = await runCommand({ argv });
    return output.split("\n")[0]?.split(" compiled")[0];
  } catch {
    return undefined;
  }
}
