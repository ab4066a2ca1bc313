/** A path of a machine that need not be this one: `C:\\Users` stays itself where drives have no letters. */
import { resolve } from "node:path";

export function pathThere(path: string): string {
  const drive = process.platform === "win32" ? null : /^([A-Za-z]):[\\/](.*)$/s.exec(path);
  if (drive === null) return resolve(path);
  const [, letter = "", rest = ""] = drive;
  return resolve(`/${letter}/${rest.replaceAll("\\", "/")}`);
}
