import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tempFolder } from "../../test/support/temp-folder.ts";
import { Complaints } from "./complaints.ts";
import { DaemonMemory } from "./memory.ts";
import { desktopCommand, notifyDesktop } from "./notify.ts";

const BUS = { DBUS_SESSION_BUS_ADDRESS: "unix:path=/run/bus", HOLDFAST_PASSWORD: "secret", PATH: "/usr/bin" };
const EVIL = '-x $(reboot) `id` "; <b>\u202egpj.exe\x1b[31m';
const SAFE = '-x $(reboot) `id` "; <b>\ufffdgpj.exe\ufffd[31m';

test("on Linux the texts are two words after the options, without markup, and only where a session is", () => {
  const command = desktopCommand("Holdfast", EVIL, "linux", BUS);
  expect(command?.words.slice(-3)).toEqual(["--", "Holdfast", SAFE.replace("<b>", "&lt;b&gt;")]);
  expect(command?.variables).toEqual({ DBUS_SESSION_BUS_ADDRESS: BUS.DBUS_SESSION_BUS_ADDRESS, PATH: BUS.PATH });
  expect(desktopCommand("Holdfast", EVIL, "linux", { PATH: "/usr/bin" })).toBeUndefined();
});

test("on macOS and Windows the texts are no part of a script", () => {
  const apple = desktopCommand("Holdfast", EVIL, "darwin", {});
  expect(apple?.words.slice(-2)).toEqual(["Holdfast", SAFE]);
  expect(apple?.words.slice(0, -2).join()).not.toContain("reboot");
  const windows = desktopCommand("Holdfast", EVIL, "win32", BUS);
  const script = Buffer.from(windows?.words.at(-1) ?? "", "base64").toString("utf16le");
  expect(script).toContain("CreateTextNode($env:HOLDFAST_TEXT)");
  expect(script).not.toContain("reboot");
  expect(windows?.variables).toMatchObject({ HOLDFAST_TITLE: "Holdfast", HOLDFAST_TEXT: SAFE });
  expect(windows?.variables).not.toHaveProperty("HOLDFAST_PASSWORD");
});

test("a long text is cut", () => {
  const words = desktopCommand("Holdfast", "é".repeat(5000), "linux", BUS)?.words ?? [];
  expect(words.at(-1)).toHaveLength(500);
});

test.skipIf(process.platform !== "linux")("the program that is found on the path is run with them", async () => {
  const folder = tempFolder();
  const program = join(folder, "notify-send");
  writeFileSync(program, `#!/bin/sh\nprintf '%s|' "$@" > "${folder}/new"; mv "${folder}/new" "${folder}/said"\n`);
  chmodSync(program, 0o755);
  notifyDesktop("Holdfast", "one\ntwo", { ...BUS, PATH: `${folder}:/usr/bin:/bin` });
  await expect.poll(() => existsSync(join(folder, "said"))).toBe(true);
  expect(readFileSync(join(folder, "said"), "utf8")).toBe(
    "--app-name=Holdfast|--icon=dialog-warning|--|Holdfast|one\ntwo|",
  );
  // One that is not there is no trouble.
  notifyDesktop("Holdfast", "text", { ...BUS, PATH: join(folder, "nothing") });
});

test("each trouble is told once, over restarts, too; one that comes again within a day is not", () => {
  const folder = tempFolder();
  const told: string[] = [];
  const HOUR = 3_600_000;
  const tell = (hour: number, ...codes: string[]) => {
    using memory = new DaemonMemory(folder);
    const troubles = codes.map((code) => ({ code, message: code, hint: "" }));
    new Complaints(memory, (_, text) => told.push(`${hour}: ${text}`)).tell(troubles, hour * HOUR);
  };
  tell(1, "quota/near");
  tell(2, "quota/near", "local/missing", "order/waiting");
  tell(30, "quota/near");
  tell(31);
  tell(32, "local/missing", "quota/near");
  tell(33);
  tell(34, "quota/near");
  expect(told).toEqual(["1: quota/near", "2: local/missing\norder/waiting", "32: local/missing\nquota/near"]);
});

test("what goes by itself is not told: no network, a run cut by a crash, nothing chosen yet", () => {
  using memory = new DaemonMemory(tempFolder());
  const told: string[] = [];
  const codes = ["service/unreachable", "service/away", "watch/incomplete", "root/none", "command/interrupted"];
  const troubles = codes.map((code) => ({ code, message: code, hint: "" }));
  new Complaints(memory, (_, text) => told.push(text)).tell(troubles, 1);
  expect(told).toEqual([]);
});
