import { expect, test } from "vitest";
import { changedMounts, parseMounts, readMounts } from "./mounts.ts";

const ROOT = "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw";
const DISK = "36 22 8:17 / /mnt/a\\040disk rw,noatime - ext4 /dev/sdb1 rw";

test("a disk that comes, goes or is another one shows; other options of the same don't", () => {
  const before = parseMounts(`${ROOT}\n${DISK}\n`);
  expect(changedMounts(before, parseMounts(`${ROOT}\n`))).toEqual(["/mnt/a disk"]);
  expect(changedMounts(parseMounts(ROOT), before)).toEqual(["/mnt/a disk"]);
  expect(changedMounts(before, parseMounts(`${ROOT}\n${DISK.replace("8:17", "8:33")}`))).toEqual(["/mnt/a disk"]);
  expect(changedMounts(before, parseMounts(`${ROOT}\n${DISK.replace("rw,noatime", "ro")}`))).toEqual([]);
});

test("what is mounted over something else shows", () => {
  const over = DISK.replace("36 22 8:17", "40 36 0:50");
  expect(changedMounts(parseMounts(DISK), parseMounts(`${DISK}\n${over}`))).toEqual(["/mnt/a disk"]);
});

test.runIf(process.platform === "linux")("this system's list can be read", () => {
  expect(readMounts().has("/")).toBe(true);
});
