/** A unit of the system is root's alone; nothing is installed where it would not be. */
import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tempFolder } from "../test/support/temp-folder.ts";
import { installUnit, uninstallUnit } from "./own-unit.ts";
import { DEFAULT_SETTINGS, saveSettings } from "./settings.ts";

test("a unit of the system is refused to anybody but root, and to root where others could change what it runs", async () => {
  const dataFolder = join(tempFolder(), "agent");
  mkdirSync(dataFolder);
  const service = { url: "http://127.0.0.1:1" };
  await saveSettings(dataFolder, {
    ...DEFAULT_SETTINGS,
    roots: [],
    excludes: [],
    service,
    machine: "a".repeat(32),
    name: "desk",
  });
  chmodSync(dataFolder, 0o777);
  const options = { dataFolder, scope: "system", name: "holdfast-of-a-test" } as const;
  const isRoot = process.getuid?.() === 0;
  await expect(installUnit(options)).rejects.toMatchObject({ code: isRoot ? "unit/unsafe" : "unit/not-root" });
  expect(await uninstallUnit(options)).toMatchObject({ was: false, unit: "holdfast-of-a-test.service" });
});
