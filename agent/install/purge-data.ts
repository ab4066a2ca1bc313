/** Takes away what an agent kept on this machine, and nothing that it has not made: its folder may have been somebody's own. */
import { readdir, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";

const OURS =
  /^(?:settings\.json|keys\.json|policy\.json|(?:state|pieces|watch|agent|agent-lock|lock)\.db(?:-wal|-shm|-journal)?(?:\.damaged)?|agent\.pid|agent\.log(?:\.\d+)?|backup\.lock|control\.sock|local|update-serial|[\w-]+-task\.xml)$/;

/** Keys first, so that half of it opens nothing. What stays because it is not ours, by name; empty when the folder is gone. */
export async function purgeData(dataFolder: string): Promise<string[]> {
  const names = await readdir(dataFolder);
  const ours = names
    .filter((name) => OURS.test(name))
    .sort((a, b) => Number(b === "keys.json") - Number(a === "keys.json"));
  for (const name of ours) await rm(join(dataFolder, name), { recursive: true, force: true });
  const others = names.filter((name) => !OURS.test(name));
  if (others.length === 0) await rmdir(dataFolder);
  return others.sort();
}
