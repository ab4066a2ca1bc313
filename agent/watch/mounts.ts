/** What is mounted where. A watched folder that something is mounted over stays watched, unseen: nothing tells of it but this list. */
import { readFileSync, statfsSync } from "node:fs";

/** Mount point (Latin-1) → what is mounted there; the last one counts. Empty where the system has no such list. */
export type Mounts = ReadonlyMap<string, string>;

export function readMounts(): Mounts {
  try {
    return parseMounts(readFileSync("/proc/self/mountinfo", "latin1"));
  } catch {
    return new Map();
  }
}

/** proc(5): `36 35 98:0 /sub /mnt/x rw,noatime master:1 - ext4 /dev/sda1 rw`. Options may change without another disk. */
export function parseMounts(text: string): Mounts {
  const mounts = new Map<string, string>();
  for (const line of text.split("\n")) {
    const [id, , device, root, point] = line.split(" ");
    if (point !== undefined) mounts.set(unescaped(point), `${id} ${device} ${root}`);
  }
  return mounts;
}

/** Mount points where something came, went or is another one. */
export function changedMounts(before: Mounts, after: Mounts): string[] {
  const points = new Set([...before.keys(), ...after.keys()]);
  return [...points].filter((point) => before.get(point) !== after.get(point)).sort();
}

/** Space, tab, line feed and backslash are written in octal. */
const unescaped = (text: string): string =>
  text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));

/** Of other computers, or of programs: what changes there without this machine's doing is not told. NFS, SMB, AFS, 9P, Ceph, FUSE. */
const TOLD_BY_NOBODY: ReadonlySet<number> = new Set([
  0x6969, 0x517b, 0xff534d42, 0xfe534d42, 0x5346414f, 0x6b414653, 0x01021997, 0x00c36400, 0x65735546,
]);

export function isRemote(diskPath: string | Buffer): boolean {
  try {
    return process.platform === "linux" && TOLD_BY_NOBODY.has(statfsSync(diskPath).type);
  } catch {
    return false;
  }
}
