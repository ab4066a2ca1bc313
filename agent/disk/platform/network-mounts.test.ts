import { expect, test } from "vitest";
import { parseNetworkMounts } from "./network-mounts.ts";

const line = (place: string, kind: string, options = "rw") =>
  `36 35 98:0 / ${place} rw,noatime shared:1 - ${kind} source ${options}`;

test("mounts of other computers' file systems are known by their kind, local ones are none", () => {
  const text = [
    line("/", "ext4"),
    line("/mnt/nas", "nfs4"),
    line("/mnt/share", "cifs"),
    line("/home/ann/remote", "fuse.sshfs"),
    line("/mnt/disk", "fuseblk"),
    line("/home/ann/sealed", "fuse.gocryptfs"),
    line("/host", "9p", "rw,trans=virtio"),
    line("/mnt/c", "9p", "rw,aname=drvfs;path=C:\\;uid=1000"),
    "",
    "cut off",
  ].join("\n");
  expect(parseNetworkMounts(text).map(({ path, kind }) => `${path} ${kind}`)).toEqual([
    ...["mnt/nas nfs4", "mnt/share cifs", "home/ann/remote fuse.sshfs", "host 9p"],
  ]);
});

test("places with spaces and odd bytes are read as they are; a mount on top of another counts", () => {
  const text = [
    line("/mnt/my\\040nas\\134x\\012", "nfs"),
    line(Buffer.from("/mnt/ü").toString("latin1"), "nfs"),
    line("/mnt/a", "nfs"),
    line("/mnt/a", "ext4"),
    line("/mnt/b", "ext4"),
    line("/mnt/b", "nfs"),
  ].join("\n");
  expect(parseNetworkMounts(text).map(({ path }) => path.toString())).toEqual(["mnt/my nas\\x\n", "mnt/ü", "mnt/b"]);
});
