/** A small folder to try things with. */
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

const NOTES = 40;
const PICTURE_BYTES = 3 * 1024 * 1024;

/** Makes it if it is not there; what is there already stays. */
export async function makeSample(folder: string): Promise<void> {
  const files: [string, string | Buffer][] = [
    ["letter.txt", "Dear Ada,\n\nthis letter is about to be changed, backed up, and brought back.\n"],
    ["photos/summer.raw", picture(PICTURE_BYTES, 1)],
    ["photos/winter.raw", picture(PICTURE_BYTES, 2)],
    ["projects/.holdfastignore", "# What these lines name is not backed up.\n*.tmp\n"],
    ["projects/build.tmp", "left out\n"],
    ...Array.from({ length: NOTES }, (_, index): [string, string] => [
      `notes/${String(index + 1).padStart(2, "0")}.md`,
      `# Note ${index + 1}\n\n${"A line of it.\n".repeat(index + 1)}`,
    ]),
  ];
  for (const [name, content] of files) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content, { flag: "wx" }).catch(unlessThere);
  }
  await symlink("../letter.txt", join(folder, "notes", "letter.txt")).catch(unlessThere);
}

/** Bytes that don't compress, the same each time (xorshift32). */
function picture(bytes: number, seed: number): Buffer {
  const words = new Uint32Array(bytes / 4);
  let state = 0x9e3779b9 ^ seed;
  for (let at = 0; at < words.length; at++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    words[at] = state;
  }
  return Buffer.from(words.buffer);
}

function unlessThere(error: NodeJS.ErrnoException): void {
  if (error.code !== "EEXIST") throw error;
}
