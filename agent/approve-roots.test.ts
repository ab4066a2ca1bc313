import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tempFolder } from "../test/support/temp-folder.ts";
import { approveRoot, withdrawRoot } from "./approve-roots.ts";
import { DEFAULT_SETTINGS, loadSettings, saveSettings } from "./settings.ts";

async function place() {
  const top = tempFolder();
  const data = join(top, "home", "data");
  const service = { url: "http://127.0.0.1:8470" };
  await saveSettings(data, { ...DEFAULT_SETTINGS, service, machine: "00112233445566778899aabbccddeeff", name: "desk" });
  mkdirSync(join(top, "back"));
  return { top, data, back: join(top, "back") };
}

test("a folder is approved where it really is, once, and withdrawn by either name, also when it is gone", async () => {
  const { top, data, back } = await place();
  symlinkSync(back, join(top, "link"));
  expect(await approveRoot(data, join(top, "link"))).toEqual([back]);
  expect(await approveRoot(data, back)).toEqual([back]);
  expect((await loadSettings(data)).restoreRoots).toEqual([back]);
  expect(await withdrawRoot(data, join(top, "link"))).toEqual([]);
  await expect(withdrawRoot(data, back)).rejects.toMatchObject({ code: "restore/not-approved" });
});

test("the whole computer, the agent's own folder and what is around it, and what is no folder, are never approved", async () => {
  const { top, data, back } = await place();
  writeFileSync(join(top, "file"), "");
  symlinkSync("/", join(top, "everything"));
  const wrong = [
    "/",
    join(top, "everything"),
    data,
    join(top, "home"),
    join(top, "file"),
    join(top, "none"),
    "relative",
  ];
  for (const folder of wrong)
    await expect(approveRoot(data, folder), folder).rejects.toMatchObject({ code: "restore/not-approvable" });
  expect((await loadSettings(data)).restoreRoots).toBeUndefined();
  expect(await approveRoot(data, back)).toEqual([back]);
});
