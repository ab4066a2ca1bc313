/** Units for every system, and how they are put in place. */
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { tempFolder } from "../../test/support/temp-folder.ts";
import { applyUnit, type RunTool, removeUnit } from "./apply-unit.ts";
import { purgeData } from "./purge-data.ts";
import { whoMayReplace } from "./trusted-path.ts";
import { memoryHighMiB, type UnitFacts } from "./unit-facts.ts";
import { type Command, planUnit, type UnitPlace } from "./unit-plan.ts";
import { argument } from "./windows-task.ts";

const FACTS: UnitFacts = {
  scope: "system",
  name: "holdfast",
  program: ["/opt/holdfast/node", "/opt/holdfast/holdfast.js"],
  dataFolder: "/var/lib/holdfast",
  writable: ["/mnt/my disk", "/srv/100%"],
  hasHooks: false,
  memoryHighMiB: 512,
};
const PLACE: UnitPlace = {
  platform: "linux",
  home: "/home/ada",
  configHome: "/home/ada/.config",
  userId: 1000,
  userName: "ada",
  systemdVersion: 255,
};
const linesOf = (text: string) => text.split("\n");

test("a unit of the system reads everything and writes to its own folder, the local copy and restore roots only", () => {
  const { path, text, start } = planUnit(FACTS, PLACE);
  expect(path).toBe("/etc/systemd/system/holdfast.service");
  expect(start.map((words) => words[1])).toEqual(["daemon-reload", "enable", "restart"]);
  expect(linesOf(text)).toEqual(
    expect.arrayContaining([
      "ExecStart=/opt/holdfast/node /opt/holdfast/holdfast.js run --quiet --data /var/lib/holdfast",
      "ProtectSystem=strict",
      'ReadWritePaths=-/var/lib/holdfast "-/mnt/my disk" -/srv/100%%',
      "RestartForceExitStatus=75",
      "RestartSteps=8",
      "MemoryHigh=512M",
      "WantedBy=multi-user.target",
    ]),
  );
  expect(planUnit(FACTS, { ...PLACE, systemdVersion: 252 }).text).not.toMatch(/RestartSteps/);
});

test("hooks are not fenced in: they may have to write anywhere and become other users", () => {
  const { text } = planUnit({ ...FACTS, hasHooks: true }, PLACE);
  expect(text).not.toMatch(/Protect|Capability|NoNewPrivileges|ReadWritePaths/);
});

test("a person's unit needs no rights of root", () => {
  const { path, text, start } = planUnit({ ...FACTS, scope: "user" }, PLACE);
  expect(path).toBe("/home/ada/.config/systemd/user/holdfast.service");
  expect(start.every((words) => words[1] === "--user")).toBe(true);
  expect(text).not.toMatch(/Protect|Capability|ReadWritePaths|network-online/);
  expect(text).toMatch(/^WantedBy=default.target$/m);
});

test("words reach the program as they are, and none becomes another line or another setting", () => {
  const { text } = planUnit({ ...FACTS, dataFolder: '/srv/a "b" \\ $HOME 50%/é' }, PLACE);
  expect(text).toContain('--data "/srv/a \\"b\\" \\\\ $$HOME 50%%/é"\n');
  for (const bad of ["/srv/a\nExecStartPre=/bin/evil", "relative", "/srv/\u0007"])
    expect(() => planUnit({ ...FACTS, dataFolder: bad }, PLACE)).toThrow(
      expect.objectContaining({ code: "unit/invalid" }),
    );
  expect(() => planUnit({ ...FACTS, name: "../evil" }, PLACE)).toThrow(
    expect.objectContaining({ code: "unit/invalid" }),
  );
  expect(() => planUnit(FACTS, { ...PLACE, platform: "sunos" })).toThrow(
    expect.objectContaining({ code: "unit/no-manager" }),
  );
});

test("macOS gets a launchd job that is started again after a failure", () => {
  const plan = planUnit(
    { ...FACTS, scope: "user", dataFolder: "/Users/ada/a & <b>" },
    { ...PLACE, platform: "darwin" },
  );
  expect(plan.path).toBe("/home/ada/Library/LaunchAgents/org.holdfast.holdfast.plist");
  expect(plan.text).toContain("<string>/Users/ada/a &amp; &lt;b&gt;</string>");
  expect(plan.text).toMatch(/<key>SuccessfulExit<\/key>\s*<false\/>/);
  expect(plan.start.at(-1)).toEqual(["launchctl", "bootstrap", "gui/1000", plan.path]);
  expect(plan.stop).toEqual([["launchctl", "bootout", "gui/1000/org.holdfast.holdfast"]]);
});

test("Windows gets a task of the system's account, without a time limit", () => {
  const windows = { ...FACTS, program: ["C:\\Program Files\\holdfast.exe"], dataFolder: "C:\\ProgramData\\Hold fast" };
  const plan = planUnit(windows, { ...PLACE, platform: "win32" });
  expect(plan.text).toContain("<Command>C:\\Program Files\\holdfast.exe</Command>");
  expect(plan.text).toContain("--data &quot;C:\\ProgramData\\Hold fast&quot;</Arguments>");
  expect(plan.text).toContain("<ExecutionTimeLimit>PT0S</ExecutionTimeLimit>");
  expect(plan.text).toContain("<UserId>S-1-5-18</UserId>");
  expect(plan.start[0]).toEqual(["schtasks", "/Create", "/F", "/TN", "Holdfast\\holdfast", "/XML", plan.path]);
});

/** As Microsoft's runtime reads one quoted word. */
function unquoted(text: string): string {
  if (!text.startsWith('"')) return text;
  return text.slice(1, -1).replace(/(\\*)"/g, (_, slashes: string) => `${slashes.slice(0, slashes.length >> 1)}"`);
}

test("every argument comes back as it was", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, unit: fc.constantFrom("\\", '"', " ", "a") }), (text) => {
      const words = argument(text);
      // The backslashes before the last quotation mark are doubled, too.
      const end = /(\\*)"$/.exec(words)?.[1] ?? "";
      const inner = words.startsWith('"') ? `${words.slice(0, -1 - end.length / 2)}"` : words;
      expect(unquoted(inner)).toBe(text);
    }),
  );
});

/** A system's tool that notes what it is told. */
function tool(fails?: string): { ran: string[]; run: RunTool } {
  const ran: string[] = [];
  const run = async (command: Command) => {
    ran.push(command.join(" "));
    return command[1] === fails ? { code: 1, output: "first\nno such bus" } : { code: 0, output: "" };
  };
  return { ran, run };
}

test("installing twice changes nothing but restarts; another data folder's unit is left alone; removing twice is no error", async () => {
  const plan = { ...planUnit(FACTS, PLACE), path: join(tempFolder(), "system", "holdfast.service") };
  const { ran, run } = tool();
  expect(await applyUnit(plan, run)).toBe("installed");
  expect(readFileSync(plan.path, "utf8")).toBe(plan.text);
  expect(await applyUnit(plan, run)).toBe("restarted");
  const changed = { ...planUnit({ ...FACTS, writable: [] }, PLACE), path: plan.path };
  expect(await applyUnit(changed, run)).toBe("changed");
  expect(readFileSync(plan.path, "utf8")).toBe(changed.text);
  expect(ran.filter((words) => words === "systemctl restart holdfast.service")).toHaveLength(3);

  const other = { ...planUnit({ ...FACTS, dataFolder: "/var/lib/holdfast2" }, PLACE), path: plan.path };
  await expect(applyUnit(other, run)).rejects.toMatchObject({ code: "unit/other" });
  await expect(removeUnit(other, run)).rejects.toMatchObject({ code: "unit/other" });
  await expect(applyUnit(plan, tool("enable").run)).rejects.toMatchObject({
    code: "unit/failed",
    data: { command: "systemctl enable holdfast.service", reason: "no such bus" },
  });
  expect(await removeUnit(plan, run)).toBe(true);
  expect(await removeUnit(plan, run)).toBe(false);
});

test.each(["darwin", "win32"])(
  "on %s a unit is told apart by its data folder, too, and loaded anew",
  async (platform) => {
    const planFor = (dataFolder: string) => planUnit({ ...FACTS, dataFolder }, { ...PLACE, platform });
    const path = join(tempFolder(), "unit");
    const { ran, run } = tool();
    const plan = { ...planFor("/var/lib/one"), path };
    await applyUnit(plan, run);
    expect(await applyUnit(plan, run)).toBe("restarted");
    expect(ran).toEqual([...plan.start, ...plan.stop, ...plan.start].map((words) => words.map((w) => w).join(" ")));
    await expect(applyUnit({ ...planFor("/var/lib/on"), path }, run)).rejects.toMatchObject({ code: "unit/other" });
  },
);

test("what others could put in its place is not run as root", () => {
  expect(whoMayReplace(process.execPath) ?? "belongs to user").toMatch(/belongs to user|others may write/);
  if (process.getuid?.() !== 0) return;
  const folder = tempFolder();
  mkdirSync(join(folder, "open"));
  writeFileSync(join(folder, "open", "program"), "");
  expect(whoMayReplace(join(folder, "open", "program"))).toBeUndefined();
  chmodSync(join(folder, "open"), 0o777);
  expect(whoMayReplace(join(folder, "open", "program"))).toBe(`others may write to ${join(folder, "open")}`);
});

test("purging takes what an agent makes and leaves what somebody else put there", async () => {
  const folder = tempFolder();
  const make = (...names: string[]) => {
    for (const name of names) writeFileSync(join(folder, name), "");
  };
  make("settings.json", "keys.json", "state.db", "state.db-wal", "agent.log.1", "letter.txt");
  mkdirSync(join(folder, "local"));
  expect(await purgeData(folder)).toEqual(["letter.txt"]);
  const own = join(folder, "own");
  mkdirSync(own);
  writeFileSync(join(own, "keys.json"), "");
  expect(await purgeData(own)).toEqual([]);
  expect(() => readFileSync(own)).toThrow(expect.objectContaining({ code: "ENOENT" }));
});

test("what memory the system leaves the agent grows with its threads", () => {
  expect([memoryHighMiB(1), memoryHighMiB(8)]).toEqual([448, 896]);
});
