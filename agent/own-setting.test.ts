import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tempFolder } from "../test/support/temp-folder.ts";
import { serveControl } from "./control/control-server.ts";
import { removeSet } from "./own-sets.ts";
import { changeOwnSetting } from "./own-setting.ts";
import { DEFAULT_SETTINGS, loadSettings, saveSettings } from "./settings.ts";

async function place() {
  const top = tempFolder();
  const data = join(top, "data");
  const service = { url: "http://127.0.0.1:8470" };
  await saveSettings(data, { ...DEFAULT_SETTINGS, service, machine: "00112233445566778899aabbccddeeff", name: "desk" });
  mkdirSync(join(top, "back"));
  return { top, data, back: join(top, "back") };
}

test("as a setting, too, only a folder that may be approved becomes a restore root, and where it really is", async () => {
  const { top, data, back } = await place();
  symlinkSync(back, join(top, "link"));
  for (const folder of ["/", data, top, join(top, "none")])
    await expect(
      changeOwnSetting(data, { setting: "restoreRoots", value: [back, folder] }),
      folder,
    ).rejects.toMatchObject({ code: "restore/not-approvable" });
  expect((await loadSettings(data)).restoreRoots).toBeUndefined();
  await changeOwnSetting(data, { setting: "restoreRoots", value: [join(top, "link"), back] });
  expect((await loadSettings(data)).restoreRoots).toEqual([back]);
  await expect(changeOwnSetting(data, { setting: "restoreRoots", value: [7] })).rejects.toMatchObject({
    code: "setting/invalid",
  });
  await changeOwnSetting(data, { setting: "restoreRoots", value: undefined });
  expect((await loadSettings(data)).restoreRoots).toBeUndefined();
});

test("an agent that runs hears at once of another setting, and of other sets", async () => {
  const { data } = await place();
  const heard: string[] = [];
  await using _control = await serveControl(data, async function* (request) {
    heard.push(request.op);
    yield { kind: "done" };
  });
  await changeOwnSetting(data, { setting: "uploads", value: 2 });
  // Whoever tells does not wait for long.
  await expect.poll(() => heard).toEqual(["reload"]);
  await changeOwnSetting(data, { setting: "sets", value: [{ name: "Office", roots: ["/srv/office"] }] });
  await removeSet(data, "Office");
  await expect.poll(() => heard).toEqual(["reload", "reload", "reload"]);
});
