import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tempFolder } from "../../test/support/temp-folder.ts";
import { askProgram, askWithin } from "./ask-program.ts";
import { batteryOf, parseSupply, readBattery } from "./battery.ts";
import { parseHidIdle, sessionsUsedAt } from "./idle.ts";
import { NetworkSensor, networkOf } from "./network.ts";
import { parseDevices, parseIw, parseSsids } from "./network-manager.ts";
import { loadBetween } from "./processor-load.ts";
import { wayOut } from "./routes.ts";
import { Sensors } from "./sensors.ts";

const BATTERY = `POWER_SUPPLY_NAME=BAT0
POWER_SUPPLY_TYPE=Battery
POWER_SUPPLY_STATUS=Discharging
POWER_SUPPLY_PRESENT=1
POWER_SUPPLY_TECHNOLOGY=Li-poly
POWER_SUPPLY_ENERGY_FULL_DESIGN=57000000
POWER_SUPPLY_ENERGY_FULL=50000000
POWER_SUPPLY_ENERGY_NOW=41000000
POWER_SUPPLY_CAPACITY=82
`;
const PLUG = "POWER_SUPPLY_NAME=AC\nPOWER_SUPPLY_TYPE=Mains\nPOWER_SUPPLY_ONLINE=1\n";
const MOUSE =
  "POWER_SUPPLY_TYPE=Battery\nPOWER_SUPPLY_SCOPE=Device\nPOWER_SUPPLY_STATUS=Discharging\nPOWER_SUPPLY_CAPACITY=5\n";
const battery = (...texts: string[]) => batteryOf(texts.map(parseSupply));

test("a battery is what the machine runs on when no plug is in", () => {
  expect(battery(BATTERY, PLUG.replace("=1", "=0"))).toEqual({ isDischarging: true, percent: 82 });
  expect(battery(BATTERY)).toEqual({ isDischarging: true, percent: 82 });
  expect(battery(BATTERY, PLUG)).toEqual({ isDischarging: false, percent: 82 });
  expect(battery(BATTERY.replace("Discharging", "Charging"))).toEqual({ isDischarging: false, percent: 82 });
});

test("two batteries count by what they hold, a mouse's not at all, and none is none", () => {
  const second = BATTERY.replace("41000000", "5000000").replace("FULL=50000000", "FULL=25000000");
  expect(battery(BATTERY, second)).toEqual({ isDischarging: true, percent: 61 });
  expect(battery(PLUG, MOUSE)).toBeNull();
  expect(battery(BATTERY.replace("PRESENT=1", "PRESENT=0"))).toBeNull();
  expect(battery("POWER_SUPPLY_STATUS=Discharging\nPOWER_SUPPLY_CAPACITY=40\n")).toEqual({
    isDischarging: true,
    percent: 40,
  });
});

test("batteries are found where the kernel tells of them", async () => {
  const folder = tempFolder();
  expect(await readBattery("linux", join(folder, "nothing"))).toBeNull();
  await mkdir(join(folder, "BAT0"));
  await mkdir(join(folder, "broken"));
  await writeFile(join(folder, "BAT0", "uevent"), BATTERY);
  expect(await readBattery("linux", folder)).toEqual({ isDischarging: true, percent: 82 });
});

// As nmcli 1.42 writes them.
const DEVICES = `GENERAL.DEVICE:veth0
GENERAL.TYPE:ethernet
GENERAL.STATE:100 (connected)
GENERAL.CONNECTION:Office: "5 & 6"\\home
GENERAL.METERED:yes

GENERAL.DEVICE:lo
GENERAL.TYPE:loopback
GENERAL.STATE:100 (connected (externally))
GENERAL.CONNECTION:lo
GENERAL.METERED:no (guessed)

GENERAL.DEVICE:veth1
GENERAL.TYPE:ethernet
GENERAL.STATE:70 (connecting (getting IP configuration))
GENERAL.CONNECTION:Wired connection 2
GENERAL.METERED:unknown
`;

test("connections are named as people named them, and tell whether they are metered", () => {
  const devices = parseDevices(DEVICES);
  expect(networkOf(["veth0"], devices, new Map())).toEqual({
    names: ['Office: "5 & 6"\\home', "veth0"],
    isMetered: true,
  });
  expect(networkOf(["veth1"], devices, new Map())).toEqual({ names: ["veth1"], isMetered: null });
  expect(networkOf([], devices, new Map())).toEqual({ names: [], isMetered: null });
  expect(parseDevices("")).toEqual([]);
});

test("a tunnel does not say what its bytes cost: what carries it does", () => {
  const tunnel =
    "GENERAL.DEVICE:tun0\nGENERAL.TYPE:tun\nGENERAL.STATE:100 (connected)\nGENERAL.CONNECTION:VPN\nGENERAL.METERED:no (guessed)\n\n";
  expect(networkOf(["tun0", "veth0"], parseDevices(tunnel + DEVICES), new Map())).toEqual({
    names: ["VPN", "tun0", 'Office: "5 & 6"\\home', "veth0"],
    isMetered: true,
  });
});

test("names of wireless networks are read back as they are", () => {
  const ssids = parseSsids("no:wlan0:Neighbour\nyes:wlan0:Caf\\: \\\\o/ \nyes:wlan1:\n");
  expect([...ssids]).toEqual([["wlan0", "Caf: \\o/ "]]);
  const iw =
    "phy#0\n\tInterface wlan0\n\t\tifindex 3\n\t\ttype managed\n\t\tssid My Net: 2\n\t\tchannel 36 (5180 MHz)\n";
  expect([...parseIw(iw)]).toEqual([["wlan0", "My Net: 2"]]);
});

const HEAD = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT";
const ROUTES = `${HEAD}
wlan0\t00000000\t0100A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0
eth0\t00000000\t010200C0\t0003\t0\t0\t100\t00000000\t0\t0\t0
eth0\t000200C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0
`;
const NOWHERE = "0".repeat(32);
const ROUTES6 = `fe800000000000000000000000000000 40 ${NOWHERE} 00 ${NOWHERE} 00000400 00000001 00000000 00000001    eth0
${NOWHERE} 00 ${NOWHERE} 00 fe800000000000000000000000000001 00000032 00000001 00000000 00000003    wwan0
${NOWHERE} 00 ${NOWHERE} 00 ${NOWHERE} ffffffff 00000001 00000000 00200200       lo
`;

test("the ways out are those of the kernel's tables, the preferred one first", () => {
  expect(wayOut(ROUTES, "")).toEqual(["eth0", "wlan0"]);
  expect(wayOut(ROUTES, ROUTES6)).toEqual(["wwan0", "eth0", "wlan0"]);
  expect(wayOut(HEAD, "")).toEqual([]);
  expect(wayOut("", "")).toEqual([]);
});

const NOW = 1_795_352_700_000;
const session = (lines: Record<string, string>) =>
  Object.entries({ Type: "wayland", Class: "user", State: "active", IdleHint: "no", IdleSinceHint: "0", ...lines })
    .map(([name, value]) => `${name}=${value}`)
    .join("\n");
const since = (minutes: number) => String((NOW - minutes * 60_000) * 1000);

test("a machine is idle for as long as the session that was used last", () => {
  const minutes = (...sessions: string[]) => (NOW - sessionsUsedAt(sessions.join("\n\n"), NOW)) / 60_000;
  const desktop = session({ IdleHint: "yes", IdleSinceHint: since(12) });
  expect(minutes(desktop)).toBe(12);
  expect(minutes(session({ IdleSinceHint: since(12) }))).toBe(0); // It says: not idle, since then.
  expect(minutes(desktop, session({ Type: "tty", IdleSinceHint: since(3) }))).toBe(3);
  expect(minutes(desktop, session({ Class: "greeter" }), session({ Class: "manager" }))).toBe(12);
  expect(minutes(desktop, session({ State: "closing" }))).toBe(12);
  expect(minutes(session({ Class: "greeter" }))).toBe(Number.POSITIVE_INFINITY);
});

test("a Mac tells nanoseconds since the last key", () => {
  expect(parseHidIdle('    | |   "HIDIdleTime" = 120000000000\n')).toBe(2);
  expect(parseHidIdle("")).toBeNull();
});

test("the load is that of others: one's own work is not in it", () => {
  const before = { idleMs: 1000, busyMs: 1000, ownMs: 100 };
  expect(loadBetween(before, { idleMs: 1500, busyMs: 1500, ownMs: 100 })).toBe(50);
  expect(loadBetween(before, { idleMs: 1500, busyMs: 1500, ownMs: 500 })).toBe(10);
  expect(loadBetween(before, { idleMs: 1500, busyMs: 1500, ownMs: 900 })).toBe(0);
  expect(loadBetween(before, before)).toBeNull();
  expect(loadBetween(before, { idleMs: 10, busyMs: 10, ownMs: 110 })).toBeNull();
});

test("a program that is not there, fails or never answers is not waited for", async () => {
  expect(await askProgram("holdfast-no-such-program")).toBeNull();
  expect(await askProgram("sh", "-c", "echo half; exit 3")).toBeNull();
  expect(await askWithin(20)("sleep", "600")).toBeNull();
  expect(await askWithin(60_000)("sh", "-c", "echo $LC_ALL")).toBe("C\n");
});

test("this machine is read, whatever it is, and what nobody wants is not asked", async () => {
  const asked: string[] = [];
  const sensors = new Sensors({
    now: () => NOW,
    ask: async (program) => {
      asked.push(program);
      return null;
    },
  });
  const none = await sensors.read({ idle: false, battery: false, network: false });
  expect(none).toMatchObject({ idleMinutes: null, battery: null, network: null });
  expect(asked).toEqual([]);
  const { cpuPercent, idleMinutes, network } = await sensors.read();
  if (cpuPercent !== null) expect(Math.abs(cpuPercent - 50)).toBeLessThanOrEqual(50);
  if (idleMinutes !== null) expect(idleMinutes).toBeGreaterThanOrEqual(0);
  if (process.platform === "linux") expect(network).not.toBeNull();
});

test("a network that stays the same is asked for once a minute", async () => {
  let asked = 0;
  const sensor = new NetworkSensor("linux", async () => {
    asked += 1;
    return DEVICES;
  });
  await sensor.read(0);
  const first = asked;
  await sensor.read(59_999);
  expect(asked).toBe(first);
  await sensor.read(60_000);
  expect(asked).toBe(2 * first);
});
