/** Who works at Northwind Fabrication, in which group, and on what. */
import type { DeviceKind } from "../../../server-mock/records/rows.ts";

export type WorldGroup = "Office" | "Design" | "Workshop" | "Servers";
export type WorldStatus = "on-time" | "late" | "failing" | "never" | "offline" | "suspended" | "deleted";

export const PEOPLE: readonly (readonly [name: string, group: WorldGroup])[] = [
  ["Maria Keller", "Design"],
  ["Tomasz Wójcik", "Design"],
  ["Aisha Rahman", "Design"],
  ["Hélène Dubois", "Design"],
  ["Ben Okafor", "Design"],
  ["Jonas Lindqvist", "Design"],
  ["Priya Nair", "Office"],
  ["Oliver Brandt", "Office"],
  ["Chiara Romano", "Office"],
  ["Samuel Osei", "Office"],
  ["Greta Halvorsen", "Office"],
  ["Daniel Moreau", "Office"],
  ["Yuki Tanaka", "Office"],
  ["Lucía Fernández", "Office"],
  ["Peter Novák", "Office"],
  ["Ruth Adeyemi", "Workshop"],
  ["Karl Steiner", "Workshop"],
  ["Miguel Santos", "Workshop"],
  ["Anneke de Vries", "Workshop"],
  ["Viktor Petrov", "Workshop"],
  ["Joan Murphy", "Workshop"],
  ["Emre Yılmaz", "Workshop"],
  ["Backup Operator", "Servers"],
  ["Line Control", "Servers"],
  ["Data Center", "Servers"],
];

/** Who of them is the service's first user. */
export const FIRST_PERSON = 14;

/** Without accents, as it is typed: `tomasz.wojcik@northwind.example`. */
export const addressOf = (name: string): string =>
  `${name
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replaceAll("ı", "i")
    .toLowerCase()
    .replaceAll(" ", ".")}@northwind.example`;

export interface MachinePlan {
  readonly name: string;
  readonly user: number;
  readonly os: string;
  readonly kind: DeviceKind;
  readonly status: WorldStatus;
  readonly virtual: boolean;
  /** Of what its last run said, when it failed. */
  readonly failure?: string;
}

const DESKTOPS = ["Windows 11 Pro", "macOS 15.1", "Debian 13", "Windows 11 Pro", "Ubuntu 24.04 LTS"];
const SERVERS: readonly (readonly [name: string, user: number, os: string])[] = [
  ["srv-files", 22, "Debian 13"],
  ["srv-erp", 22, "Windows Server 2025"],
  ["srv-mail", 24, "Debian 13"],
  ["srv-web", 24, "Ubuntu Server 24.04"],
  ["srv-db-01", 24, "Debian 13"],
  ["srv-db-02", 24, "Debian 13"],
  ["line-1-controller", 23, "Debian 12"],
  ["line-2-controller", 23, "Debian 12"],
  ["nas-archive", 22, "NAS appliance"],
];

/** Machine → how it is, where it isn't on time. */
const TROUBLED: Readonly<Record<string, readonly [WorldStatus, failure?: string]>> = {
  "srv-erp": ["failing", "storage/failed"],
  "cad-03": ["failing", "quota/exceeded"],
  "office-09": ["failing", "key/unavailable"],
  "shop-floor-2": ["failing", "root/missing"],
  "cad-06": ["late"],
  "office-12": ["late"],
  "line-2-controller": ["late"],
  "shop-floor-9": ["never"],
  "office-17": ["never"],
  "office-05": ["offline"],
  "cad-11": ["offline"],
  "shop-floor-6": ["offline"],
  "travel-laptop-2": ["offline"],
  "office-08": ["suspended"],
  "shop-floor-11": ["suspended"],
  "old-scanner": ["deleted"],
};

const planned = (name: string, user: number, os: string, kind: DeviceKind): MachinePlan => {
  const [status, failure] = TROUBLED[name] ?? (["on-time"] as const);
  const plan = { name, user, os, kind, status, virtual: kind === "server" && name.startsWith("srv-") };
  return failure === undefined ? plan : { ...plan, failure };
};

const two = (number: number) => String(number).padStart(2, "0");
const desktop = (name: string, user: number, index: number) =>
  planned(name, user, DESKTOPS[index % DESKTOPS.length] ?? "", "desktop");

/** Sixty, and a deleted one. */
export const MACHINES: readonly MachinePlan[] = [
  desktop("maria-studio", 0, 1),
  desktop("maria-laptop", 0, 0),
  ...Array.from({ length: 14 }, (_, index) => desktop(`cad-${two(index + 1)}`, index % 6, index)),
  ...Array.from({ length: 19 }, (_, index) => desktop(`office-${two(index + 1)}`, 6 + (index % 9), index)),
  ...Array.from({ length: 13 }, (_, index) => desktop(`shop-floor-${index + 1}`, 15 + (index % 7), index)),
  desktop("travel-laptop-1", 7, 0),
  desktop("travel-laptop-2", 8, 3),
  desktop("reception", 10, 0),
  ...SERVERS.map(([name, user, os]) => planned(name, user, os, "server")),
  desktop("old-scanner", 16, 2),
];
