/** What installing and removing a unit does on each system: one file, a few commands. Pure; `--print` shows it, apply-unit.ts does it. */
import { posix } from "node:path";
import { HoldfastError } from "../../protocol/errors.ts";
import { launchdJob, launchdLabel, xml } from "./launchd-job.ts";
import { systemdUnit, systemdWord } from "./systemd-unit.ts";
import { checkFacts, type UnitFacts } from "./unit-facts.ts";
import { argument, windowsTask } from "./windows-task.ts";

export type Command = readonly [program: string, ...words: string[]];

export interface UnitPlan {
  /** As people call it: holdfast.service. */
  readonly unit: string;
  readonly path: string;
  readonly text: string;
  readonly encoding: "utf8" | "utf16le";
  /** What the file contains for this data folder and for no other. */
  readonly mark: string;
  /** In this order, when the file is there. Each must go well. */
  readonly start: readonly Command[];
  /** Before the file is taken away: it need not run, nor be known. */
  readonly stop: readonly Command[];
  /** After the file was taken away. */
  readonly forget: readonly Command[];
  /** For people, when it runs. */
  readonly look: string;
}

export interface UnitPlace {
  readonly platform: string;
  /** Of the person, for units of theirs and for what Windows keeps. */
  readonly home: string;
  /** Where a person's systemd units are: XDG_CONFIG_HOME, else below the home. */
  readonly configHome: string;
  readonly userId: number;
  readonly userName: string;
  readonly systemdVersion: number;
}

/** Throws `unit/invalid`, `unit/no-manager`. */
export function planUnit(facts: UnitFacts, place: UnitPlace): UnitPlan {
  checkFacts(facts);
  switch (place.platform) {
    case "linux":
      return systemdPlan(facts, place);
    case "darwin":
      return launchdPlan(facts, place);
    case "win32":
      return windowsPlan(facts, place);
    default:
      throw new HoldfastError("unit/no-manager", { reason: `there is no way for ${place.platform} yet` });
  }
}

function systemdPlan(facts: UnitFacts, { configHome, systemdVersion }: UnitPlace): UnitPlan {
  const unit = `${facts.name}.service`;
  const isSystem = facts.scope === "system";
  const systemctl = (...words: string[]): Command => ["systemctl", ...(isSystem ? [] : ["--user"]), ...words];
  return {
    unit,
    path: isSystem ? `/etc/systemd/system/${unit}` : posix.join(configHome, "systemd", "user", unit),
    text: systemdUnit(facts, systemdVersion),
    encoding: "utf8",
    mark: `--data ${systemdWord(facts.dataFolder)}\n`,
    // `restart` starts what does not run, and takes a new program or a new file into use.
    start: [systemctl("daemon-reload"), systemctl("enable", unit), systemctl("restart", unit)],
    stop: [systemctl("disable", "--now", unit)],
    forget: [systemctl("daemon-reload")],
    look: `${systemctl("status", unit).join(" ")}; journalctl ${isSystem ? "" : "--user "}-u ${unit}`,
  };
}

function launchdPlan(facts: UnitFacts, { home, userId }: UnitPlace): UnitPlan {
  const label = launchdLabel(facts);
  const isSystem = facts.scope === "system";
  const domain = isSystem ? "system" : `gui/${userId}`;
  const folder = isSystem ? "/Library/LaunchDaemons" : posix.join(home, "Library", "LaunchAgents");
  const path = posix.join(folder, `${label}.plist`);
  return {
    unit: label,
    path,
    text: launchdJob(facts),
    encoding: "utf8",
    mark: `<string>${xml(facts.dataFolder)}</string>`,
    start: [
      ["launchctl", "enable", `${domain}/${label}`],
      ["launchctl", "bootstrap", domain, path],
    ],
    stop: [["launchctl", "bootout", `${domain}/${label}`]],
    forget: [],
    look: `launchctl print ${domain}/${label}`,
  };
}

function windowsPlan(facts: UnitFacts, { userName }: UnitPlace): UnitPlan {
  const task = `Holdfast\\${facts.name}`;
  // The file is what the task was made of; Windows keeps its own copy.
  const path = `${facts.dataFolder.replace(/[\\/]$/, "")}\\${facts.name}-task.xml`;
  return {
    unit: task,
    path,
    text: windowsTask(facts, userName),
    encoding: "utf16le",
    mark: `--data ${xml(argument(facts.dataFolder))}<`,
    start: [
      ["schtasks", "/Create", "/F", "/TN", task, "/XML", path],
      ["schtasks", "/Run", "/TN", task],
    ],
    stop: [
      ["schtasks", "/End", "/TN", task],
      ["schtasks", "/Delete", "/F", "/TN", task],
    ],
    forget: [],
    look: `schtasks /Query /TN ${task} /V /FO LIST`,
  };
}
