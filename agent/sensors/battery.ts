/** What the machine runs on. On Linux read from the kernel's files; elsewhere systeminformation asks the system. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Battery } from "./readings.ts";

const SUPPLIES = "/sys/class/power_supply";

export async function readBattery(platform: NodeJS.Platform, supplies = SUPPLIES): Promise<Battery | null> {
  if (platform !== "linux") return await askSystem();
  const names = await readdir(supplies).catch(() => []);
  const texts = names.map((name) => readFile(join(supplies, name, "uevent"), "utf8").catch(() => ""));
  return batteryOf((await Promise.all(texts)).map(parseSupply));
}

/** Of the kernel's `POWER_SUPPLY_…=…` lines. */
export interface Supply {
  readonly isBattery: boolean;
  /** A mouse's or a headset's. */
  readonly isOfDevice: boolean;
  readonly isOnline: boolean;
  readonly isDischarging: boolean;
  readonly now: number | null;
  readonly full: number | null;
  readonly percent: number | null;
}

export function parseSupply(text: string): Supply {
  const said = new Map(
    text.split("\n").map((line) => {
      const [, name = "", value = ""] = /^POWER_SUPPLY_(\w+)=(.*)$/.exec(line) ?? [];
      return [name, value] as const;
    }),
  );
  const numberOf = (...names: string[]): number | null => {
    const found = names.map((name) => said.get(name)).find((value) => value !== undefined && /^-?\d+$/.test(value));
    return found === undefined ? null : Number(found);
  };
  // Older kernels name no type here: who has a capacity is a battery.
  const type = said.get("TYPE") ?? (said.has("CAPACITY") ? "Battery" : "Mains");
  return {
    isBattery: (type === "Battery" || type === "UPS") && said.get("PRESENT") !== "0",
    isOfDevice: said.get("SCOPE") === "Device",
    isOnline: type !== "Battery" && type !== "UPS" && (numberOf("ONLINE") ?? 0) > 0,
    isDischarging: said.get("STATUS") === "Discharging",
    now: numberOf("ENERGY_NOW", "CHARGE_NOW"),
    full: numberOf("ENERGY_FULL", "CHARGE_FULL"),
    percent: numberOf("CAPACITY"),
  };
}

/** Some discharge under load with the plug in: then it is not the battery that the machine runs on. */
export function batteryOf(supplies: readonly Supply[]): Battery | null {
  const batteries = supplies.filter(({ isBattery, isOfDevice }) => isBattery && !isOfDevice);
  if (batteries.length === 0) return null;
  const isPlugged = supplies.some(({ isOnline, isOfDevice }) => isOnline && !isOfDevice);
  return {
    isDischarging: !isPlugged && batteries.some(({ isDischarging }) => isDischarging),
    percent: percentOf(batteries),
  };
}

function percentOf(batteries: readonly Supply[]): number | null {
  const sum = (of: (one: Supply) => number | null) =>
    batteries.reduce<number | null>((total, one) => {
      const value = of(one);
      return total === null || value === null ? null : total + value;
    }, 0);
  const [now, full] = [sum(({ now }) => now), sum(({ full }) => full)];
  if (now !== null && full) return Math.min(100, Math.round((100 * now) / full));
  const percents = sum(({ percent }) => percent);
  return percents === null ? null : Math.round(percents / batteries.length);
}

async function askSystem(): Promise<Battery | null> {
  const { default: information } = await import("systeminformation"); // Not on Linux: 24 ms, 12 MB.
  const { hasBattery, acConnected, isCharging, percent } = await information.battery();
  return hasBattery ? { isDischarging: !acConnected && !isCharging, percent } : null;
}
