/** One setting, changed by whoever sits at this machine: checked against this machine, and known to the agent that runs. */
import { approvableRoot } from "./approve-roots.ts";
import { changeSetting, type SettingChange } from "./config/change-setting.ts";
import { tellAgent } from "./control/tell-agent.ts";
import type { Settings } from "./settings.ts";

/** Throws `restore/not-approvable`, and what `changeSetting` does. */
export async function changeOwnSetting(dataFolder: string, change: SettingChange): Promise<Settings> {
  const { setting, value } = change;
  const isApproval = setting === "restoreRoots" && Array.isArray(value);
  const next = isApproval
    ? await changeSetting(dataFolder, { ...change, value: await approvable(dataFolder, value) })
    : await changeSetting(dataFolder, change);
  await tellAgent(dataFolder);
  return next;
}

/** What is no path is left to the schema. */
async function approvable(dataFolder: string, folders: readonly unknown[]): Promise<readonly unknown[]> {
  const found = folders.map((folder) => (typeof folder === "string" ? approvableRoot(dataFolder, folder) : folder));
  return [...new Set(await Promise.all(found))];
}
