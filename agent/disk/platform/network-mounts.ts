/** File systems that lie on other computers: which are mounted, and where. Only Linux tells all of them in one text. */
import { readFileSync } from "node:fs";
import { catalogPath } from "../disk-path.ts";

export interface NetworkMount {
  /** Catalog path. */
  readonly path: Buffer;
  /** As the system calls it: `nfs4`, `cifs`, `fuse.sshfs`. */
  readonly kind: string;
}

const KINDS = new Set([
  ...[
    "nfs",
    "nfs4",
    "cifs",
    "smb3",
    "smbfs",
    "ncpfs",
    "afs",
    "coda",
    "ceph",
    "lustre",
    "beegfs",
    "9p",
    "davfs",
    "pvfs2",
  ],
  ...[
    "fuse.sshfs",
    "fuse.rclone",
    "fuse.s3fs",
    "fuse.goofys",
    "fuse.gcsfuse",
    "fuse.blobfuse2",
    "fuse.davfs2",
    "fuse.curlftpfs",
  ],
  ...[
    "fuse.glusterfs",
    "fuse.ceph-fuse",
    "fuse.smbnetfs",
    "fuse.gvfsd-fuse",
    "fuse.kio-fuse",
    "fuse.juicefs",
    "fuse.mount.cifs",
  ],
]);

/** The text of /proc/self/mountinfo. A later mount hides an earlier one at its place. */
export function parseNetworkMounts(mountinfo: string): NetworkMount[] {
  const mounts = new Map<string, NetworkMount | undefined>();
  for (const line of mountinfo.split("\n")) {
    const [before, after] = line.split(" - ", 2);
    const place = before?.split(" ")[4];
    const [kind, , options] = after?.split(" ") ?? [];
    if (place === undefined || kind === undefined) continue;
    const path = catalogPath(unescaped(place));
    // The drives of the Windows around a Linux of its own (WSL) come as 9p, and are in this computer.
    const isNetwork = KINDS.has(kind) && !(kind === "9p" && options?.includes("aname=drvfs"));
    mounts.set(path.toString("latin1"), isNetwork ? { path, kind } : undefined);
  }
  return Array.from(mounts.values()).filter((mount) => mount !== undefined);
}

/** Empty where the system doesn't tell. */
export function networkMounts(): NetworkMount[] {
  if (process.platform !== "linux") return [];
  try {
    return parseNetworkMounts(readFileSync("/proc/self/mountinfo", "latin1"));
  } catch {
    return [];
  }
}

/** Spaces, tabs, newlines and backslashes stand as octal numbers. */
const unescaped = (place: string): Buffer =>
  Buffer.from(
    place.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8))),
    "latin1",
  );
