/** What NetworkManager's `nmcli` writes, and `iw` where there is none. */

export interface Device {
  readonly device: string;
  readonly type: string;
  readonly isConnected: boolean;
  /** What its connection is called. */
  readonly connection: string;
  /** `null`: unknown. */
  readonly isMetered: boolean | null;
}

export const DEVICES = [
  "--terse",
  "--fields",
  "GENERAL.DEVICE,GENERAL.TYPE,GENERAL.STATE,GENERAL.CONNECTION,GENERAL.METERED",
  "device",
  "show",
] as const;
export const SSIDS = ["--terse", "--fields", "ACTIVE,DEVICE,SSID", "device", "wifi", "list", "--rescan", "no"] as const;

/** Blocks of `GENERAL.DEVICE:wlan0`; nothing is escaped in them. */
export function parseDevices(text: string): Device[] {
  return text.split(/\n\s*\n/).flatMap((block) => {
    const said = new Map(
      block.split("\n").map((line) => {
        const [, name = "", value = ""] = /^GENERAL\.(\w+):(.*)$/.exec(line) ?? [];
        return [name, value] as const;
      }),
    );
    const device = said.get("DEVICE");
    if (!device) return [];
    const metered = said.get("METERED") ?? "";
    return [
      {
        device,
        type: said.get("TYPE") ?? "",
        isConnected: Number.parseInt(said.get("STATE") ?? "0", 10) === 100,
        connection: said.get("CONNECTION") ?? "",
        // Also `yes (guessed)`: of a phone, for instance.
        isMetered: metered.startsWith("yes") ? true : metered.startsWith("no") ? false : null,
      },
    ];
  });
}

/** Device → SSID, of lines like `yes:wlan0:My\:Net`. */
export function parseSsids(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const line of text.split("\n")) {
    const [active, device, ssid] = fields(line);
    if (active === "yes" && device && ssid) found.set(device, ssid);
  }
  return found;
}

/** Parted by colons; those that belong to a value have a backslash before them. */
function fields(line: string): string[] {
  return [...line.matchAll(/(?:^|:)((?:[^:\\]|\\.)*)/g)].map(([, field = ""]) => field.replace(/\\(.)/g, "$1"));
}

/** Device → SSID, of what `iw dev` writes. */
export function parseIw(text: string): Map<string, string> {
  const found = new Map<string, string>();
  let device = "";
  for (const line of text.split("\n")) {
    const [, word, value = ""] = /^\s*(Interface|ssid) (.*)$/.exec(line) ?? [];
    if (word === "Interface") device = value;
    if (word === "ssid" && device) found.set(device, value);
  }
  return found;
}
