/** Where the control socket is: in the data folder, which only its owner may enter. */
import { closeSync, openSync } from "node:fs";
import { join, resolve } from "node:path";
import { HoldfastError } from "../../protocol/errors.ts";

/** What systems allow for the name of a socket, without the zero at its end. */
const NAME_BYTES_MAX = 103;

export interface SocketAddress extends Disposable {
  /** For `listen` and `connect`. */
  readonly name: string;
  /** The file, where sockets are files. */
  readonly file: string | undefined;
}

export function socketAddress(dataFolder: string): SocketAddress {
  const folder = resolve(dataFolder);
  if (process.platform === "win32") {
    // Names of pipes are short, and know no folders.
    const words = folder
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, "-")
      .slice(-200);
    return { name: `\\\\.\\pipe\\holdfast-${words}`, file: undefined, [Symbol.dispose]: () => undefined };
  }
  const file = join(folder, "control.sock");
  if (Buffer.byteLength(file) <= NAME_BYTES_MAX) return { name: file, file, [Symbol.dispose]: () => undefined };
  if (process.platform !== "linux") throw new HoldfastError("agent/path-too-long", { path: file });
  // A long path is short by way of the open folder.
  const fd = openSync(folder, "r");
  return { name: `/proc/self/fd/${fd}/control.sock`, file, [Symbol.dispose]: () => closeSync(fd) };
}
