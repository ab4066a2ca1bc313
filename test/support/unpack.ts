/** Archives unpacked by programs that know nothing of ours. */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { tempFolder } from "./temp-folder.ts";

/** Checks every checksum, then unpacks with modes and links. */
const UNZIP = `
import sys, os, zipfile
z = zipfile.ZipFile(sys.argv[1])
assert z.testzip() is None
for i in z.infolist():
    mode = i.external_attr >> 16
    path = os.path.join(sys.argv[2], i.filename)
    if mode & 0o170000 == 0o120000:
        os.symlink(z.read(i), path)
    else:
        z.extract(i, sys.argv[2])
        os.chmod(path, mode & 0o777)
`;

/** Gives the folder with what was in it. Throws when the archive is not whole. */
export function unpack(format: "zip" | "tar" | "tar.gz", bytes: Buffer): string {
  const folder = tempFolder();
  const file = join(tempFolder(), "archive");
  writeFileSync(file, bytes);
  if (format === "zip") execFileSync("python3", ["-c", UNZIP, file, folder], { stdio: "pipe" });
  else execFileSync("tar", ["-xp", format === "tar.gz" ? "-zf" : "-f", file, "-C", folder], { stdio: "pipe" });
  return folder;
}

/** Of a zip archive, as its own end lists them. */
export function zipNames(bytes: Buffer): string[] {
  const file = join(tempFolder(), "archive.zip");
  writeFileSync(file, bytes);
  const list = "import sys, zipfile; print('\\n'.join(zipfile.ZipFile(sys.argv[1]).namelist()))";
  return execFileSync("python3", ["-c", list, file], { encoding: "utf8", maxBuffer: 2 ** 26 })
    .trimEnd()
    .split("\n");
}
