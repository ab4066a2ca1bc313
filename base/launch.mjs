// Starts a Holdfast program on the Node it ships with. Plain JavaScript that runs on Node 18 and newer,
// because it must work before the right Node has been found. Never edits PATH, never downloads.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const MAJOR_MIN = 26;

/** In a checkout a program's `source` runs; in an installed package what was `built` of it. */
export async function launch({ source, built }) {
  const checkout = new URL(`../${source}`, import.meta.url);
  const entry = existsSync(checkout) ? checkout : new URL(`../dist/${built}`, import.meta.url);
  if (Number(process.versions.node.split(".")[0]) >= MAJOR_MIN) {
    process.argv[1] = fileURLToPath(entry);
    await import(entry);
    return;
  }
  const { relaunch } = await import("./relaunch.mjs");
  await relaunch(fileURLToPath(entry), MAJOR_MIN);
}
