/** File systems that hold no files of anyone: the kernel makes their contents up, so they are never entered. */
import { statfsSync } from "node:fs";

/** Magic numbers of Linux (`statfs.f_type`). */
const VIRTUAL: ReadonlyMap<number, string> = new Map([
  [0x9fa0, "proc"],
  [0x62656572, "sysfs"],
  [0x1cd1, "devpts"],
  [0x27e0eb, "cgroup"],
  [0x63677270, "cgroup2"],
  [0x64626720, "debugfs"],
  [0x74726163, "tracefs"],
  [0x73636673, "securityfs"],
  [0x6165676c, "pstore"],
  [0xcafe4a11, "bpf"],
  [0x62656570, "configfs"],
  [0x19800202, "mqueue"],
  [0xde5e81e4, "efivarfs"],
  [0x0187, "autofs"],
  [0x42494e4d, "binfmt_misc"],
  [0x958458f6, "hugetlbfs"],
  [0x65735543, "fusectl"],
  [0xf97cff8c, "selinuxfs"],
  [0x43415d53, "smackfs"],
  [0x6e736673, "nsfs"],
  [0x67596969, "rpc_pipefs"],
  [0x6e667364, "nfsd"],
]);
const TMPFS = 0x01021994;

/** The kind of virtual file system that the folder is on; `undefined` for one with files. `path` is its catalog path. */
export function findVirtual(diskPath: Buffer, path: Buffer): string | undefined {
  if (process.platform !== "linux") return undefined;
  try {
    const { type } = statfsSync(diskPath);
    // The kernel's device files (devtmpfs) say that they are a tmpfs, but shared memory or /tmp say so too.
    if (type === TMPFS && path.equals(DEV)) return "devtmpfs";
    return VIRTUAL.get(type);
  } catch {
    return undefined;
  }
}

const DEV = Buffer.from("dev");
