/** The last policy that this machine got, kept so that it holds without the service, too. A file that can't be read is as good as none: the service has it. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { writeDurably } from "../../base/durable-file.ts";
import { effectiveSettings, ownPolicy, policyHolders } from "../../protocol/messages/policies.ts";

const keptPolicy = z.strictObject({
  version: z.literal(1),
  tag: ownPolicy.shape.tag,
  settings: effectiveSettings,
  holders: policyHolders,
  /** When this machine got it, and when the service knew that it works by it; milliseconds since 1970. */
  receivedAt: z.int(),
  takenAt: z.int().nullable(),
});
export type KeptPolicy = Readonly<z.infer<typeof keptPolicy>>;

export const policyPath = (dataFolder: string): string => join(dataFolder, "policy.json");

/** `undefined`: none yet, or none that makes sense. */
export async function readPolicy(dataFolder: string): Promise<KeptPolicy | undefined> {
  const text = await readFile(policyPath(dataFolder), "utf8").catch(() => "");
  return parse(text);
}

export async function writePolicy(dataFolder: string, policy: KeptPolicy): Promise<void> {
  await writeDurably(policyPath(dataFolder), Buffer.from(`${JSON.stringify(policy, null, 2)}\n`), { mode: 0o600 });
}

function parse(text: string): KeptPolicy | undefined {
  try {
    return keptPolicy.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
