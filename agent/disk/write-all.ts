/** Writing all of some bytes: the system may take them in parts. */
import { writeSync } from "node:fs";

export function writeAll(fd: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done, bytes.length - done, position + done);
}
