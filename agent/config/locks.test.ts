import { expect, test } from "vitest";
import type { EffectiveSettings } from "../../protocol/messages/policies.ts";
import { tempFolder } from "../../test/support/temp-folder.ts";
import { DEFAULT_SETTINGS, loadSettings, saveSettings } from "../settings.ts";
import { changeSetting } from "./change-setting.ts";
import { NO_POLICY } from "./effective.ts";
import { mayChange, mayUseKeyKind } from "./locks.ts";
import { writePolicy } from "./policy-file.ts";

const holders = { organization: "Acme", group: "Sales", user: "ann", machine: "desk" };

async function machine(settings: Partial<EffectiveSettings>): Promise<string> {
  const data = tempFolder();
  const service = { url: "http://127.0.0.1:8470" };
  await saveSettings(data, {
    ...DEFAULT_SETTINGS,
    roots: [],
    excludes: [],
    service,
    machine: "00112233445566778899aabbccddeeff",
    name: "desk",
  });
  const policy = { version: 1, tag: "1".repeat(32), holders, receivedAt: 1, takenAt: null } as const;
  await writePolicy(data, { ...policy, settings: { ...NO_POLICY, ...settings } });
  return data;
}

test.each([
  ["organization", "the organization Acme"],
  ["group", "the user group Sales"],
  ["user", "the account of ann"],
  ["machine", "an administrator of Acme for this machine"],
] as const)("what the level %s locks names who did it, and is not changed", async (level, by) => {
  const data = await machine({ backupSets: { value: [], locked: true, level } });
  for (const setting of ["roots", "excludes", "oneFileSystem", "sets", "backupSets"] as const)
    await expect(mayChange(data, setting)).rejects.toMatchObject({
      code: "setting/locked",
      data: { setting, level, by },
    });
  await expect(changeSetting(data, { setting: "roots", value: ["/home"] })).rejects.toMatchObject({
    code: "setting/locked",
  });
  expect((await loadSettings(data)).roots).toEqual([]);
  await changeSetting(data, { setting: "uploads", value: 8 });
  expect((await loadSettings(data)).uploads).toBe(8);
});

test("without a policy nothing is locked, and what only the machine can say never is", async () => {
  await mayChange(tempFolder(), "schedules");
  const lock = { locked: true, level: "organization" } as const;
  const data = await machine({ agentVersion: { ...NO_POLICY.agentVersion, ...lock } });
  await mayChange(data, "conditions");
  await expect(mayChange(data, "autoUpdate")).rejects.toMatchObject({ code: "setting/locked" });
});

test("a value that makes no sense is refused by name and place, and the file stays", async () => {
  const data = await machine({});
  await expect(changeSetting(data, { setting: "warningDays", value: 0 })).rejects.toMatchObject({
    code: "setting/invalid",
  });
  const schedules = [{ type: "Manual" }, { type: "Scheduled", at: "25:00" }];
  await expect(changeSetting(data, { setting: "schedules", value: schedules })).rejects.toMatchObject({
    code: "setting/invalid",
    data: { setting: "schedules", reason: "2.at: a time like 21:30" },
  });
  expect((await loadSettings(data)).schedules).toBeUndefined();
  // Of what may be a word or numbers, the words are said.
  await expect(
    changeSetting(data, { setting: "local", value: { folder: "/mnt/disk", keep: "all" } }),
  ).rejects.toMatchObject({ data: { reason: expect.stringMatching(/^keep: one of 7-days, 14-days, /) } });
});

test("a setting that is unset is as if it had never been said", async () => {
  const data = await machine({});
  const before = await loadSettings(data);
  await changeSetting(data, { setting: "warningDays", value: 9 });
  await changeSetting(data, { setting: "uploads", value: 9 });
  expect(await loadSettings(data)).toMatchObject({ warningDays: 9, uploads: 9 });
  await changeSetting(data, { setting: "warningDays", value: undefined });
  await changeSetting(data, { setting: "uploads", value: undefined });
  expect(await loadSettings(data)).toEqual(before);
});

test("a kind of key that the policy does not allow is refused", async () => {
  const data = await machine({ keyKinds: { value: ["custom", "corporate"], locked: false, level: "group" } });
  await mayUseKeyKind(data, "custom");
  await expect(mayUseKeyKind(data, "default")).rejects.toMatchObject({
    code: "encryption/not-allowed",
    data: { kind: "default", allowed: "custom, corporate" },
  });
});
