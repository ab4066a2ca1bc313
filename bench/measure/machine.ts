/** What figures depend on, and nothing that names the machine. */
import { cpus, release, totalmem, type } from "node:os";
import type { OwnNetwork } from "./own-network.ts";

export function machineFacts(network: OwnNetwork): Record<string, string> {
  const processors = cpus();
  return {
    processors: `${processors.length} × ${processors[0]?.model.trim() ?? "unknown"}`,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    system: `${type()} ${release()}`,
    node: `Node ${process.versions.node}`,
    network: network === "own" ? "a loopback of its own" : "the machine's loopback: bytes sent include other traffic",
  };
}
