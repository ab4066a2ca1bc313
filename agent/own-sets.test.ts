import { join } from "node:path";
import { expect, test } from "vitest";
import { backupSet } from "../protocol/messages/policies.ts";
import { tempFolder } from "../test/support/temp-folder.ts";
import { suggestSet } from "./disk/defaults/suggest.ts";
import { catalogPath } from "./disk/disk-path.ts";
import { licenceKind } from "./licence-kind.ts";
import { addSet, checkRoots, listSets, removeSet } from "./own-sets.ts";
import { DEFAULT_SETTINGS, loadSettings, type Settings, saveSettings } from "./settings.ts";

async function machine(more: Partial<Settings> = {}): Promise<string> {
  const data = join(tempFolder(), "data");
  const base = { service: { url: "http://127.0.0.1:1" }, machine: "00112233445566778899aabbccddeeff", name: "desk" };
  await saveSettings(data, { ...DEFAULT_SETTINGS, roots: [], excludes: [], ...base, ...more });
  return data;
}

const set = (name: string, more: object = {}) => backupSet.parse({ name, roots: ["/home"], ...more });

test("sets are added and removed by name; a second of the same name is refused, and so is removing none", async () => {
  const data = await machine({ roots: ["/etc"] });
  await addSet(data, set("Office"));
  await addSet(data, set("Never", { exclusionary: true }));
  expect((await listSets(data)).map(({ name, origin }) => [name, origin])).toEqual([
    ...["default", "Office", "Never"].map((name) => [name, "local"]),
  ]);
  await expect(addSet(data, set("Office"))).rejects.toMatchObject({ code: "setting/invalid" });
  await expect(removeSet(data, "default")).rejects.toMatchObject({ code: "setting/invalid" });
  await removeSet(data, "Office");
  await removeSet(data, "Never");
  expect((await loadSettings(data)).sets).toBeUndefined();
});

test("a Desktop licence refuses roots on network drives and names the mount; a Server licence takes them", async () => {
  const mounts = [{ path: catalogPath("/mnt/nas"), kind: "nfs4" }];
  const desktop = await machine({ kind: "desktop" });
  await expect(checkRoots(desktop, ["/home", "/mnt/nas/photos"], mounts)).rejects.toMatchObject({
    code: "licence/network-drive",
    data: { path: "/mnt/nas/photos", mount: "/mnt/nas", kind: "nfs4" },
  });
  await expect(checkRoots(desktop, ["\\\\nas\\photos\\2026"], mounts)).rejects.toMatchObject({
    code: "licence/network-drive",
  });
  await checkRoots(desktop, ["/mnt/nas2", "/mnt"], mounts);
  await checkRoots(await machine({ kind: "server" }), ["/mnt/nas/photos"], mounts);
});

test("settings of an earlier version learn their licence from the service, once; while it is away nobody can tell", async () => {
  const data = await machine();
  const away = { machine: () => Promise.reject(new Error("away")) };
  expect(await licenceKind(data, await loadSettings(data), away)).toBeUndefined();
  expect((await loadSettings(data)).kind).toBeUndefined();
  await saveSettings(data, { ...(await loadSettings(data)), kind: "server" });
  expect(await licenceKind(data, await loadSettings(data), away)).toBe("server");
});

test("a desktop is proposed its home, a server what its services keep, each as far as it is there", () => {
  const linux = { platform: "linux", exists: () => true } as const;
  const rootsOf = (options: Parameters<typeof suggestSet>[0]) => suggestSet(options).flatMap(({ roots }) => roots);
  expect(rootsOf({ ...linux, kind: "desktop", home: "/home/ann" })).toEqual(["/home/ann"]);
  expect(rootsOf({ ...linux, kind: "desktop", home: "/root" })).toEqual(["/home"]);
  expect(rootsOf({ ...linux, kind: "desktop", home: "/home/ann", exists: () => false })).toEqual([]);
  expect(rootsOf({ platform: "win32", exists: () => true, kind: "server", home: "C:\\Users\\x" })).toEqual([
    "C:\\Users",
  ]);
  const some = ["/etc", "/home", "/var/lib", "/var/lib/lxcfs"];
  const [server] = suggestSet({ ...linux, kind: "server", home: "/root", exists: (path) => some.includes(path) });
  expect([server?.roots, server?.exclude.paths]).toEqual([["/etc", "/home", "/var/lib"], ["/var/lib/lxcfs"]]);
});
