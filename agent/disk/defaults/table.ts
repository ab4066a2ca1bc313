/**
 * What no backup takes unless somebody names it as a root itself, for each platform, with the reason. Only what is made anew, is a second look at
 * something that is backed up, or was thrown away: what might be somebody's only copy is not here (docs/agent.md says what was weighed).
 * Virtual file systems (platform/file-system.ts) and folders that say themselves that they are caches (`CACHEDIR.TAG`) are left out besides.
 */

export interface DefaultRule {
  /** `/` first: this path; `~/` first: in every home folder; neither: this name, wherever it is. `*` stands for any one name, or a part of one. */
  readonly pattern: string;
  readonly reason: string;
  /** Names in place of the last `*` that are backed up. */
  readonly except?: readonly string[];
}

const CACHE = "a cache: programs make it anew";
const BROWSER = "a browser's cache: fetched again when it is needed";
const THROWN_AWAY = "a trash folder: somebody threw these away";
const SWAP = "memory of the running system, put on the disk";
const TEMPORARY = "temporary files, emptied by the system";
const SEEN_TWICE = "the same files as in the folders beside it, seen a second time";

const rows = (reason: string, ...patterns: readonly string[]): DefaultRule[] =>
  patterns.map((pattern) => ({ pattern, reason }));

const EVERYWHERE: readonly DefaultRule[] = rows(THROWN_AWAY, ".Trash-*", ".Trashes", "$RECYCLE.BIN");

const LINUX: readonly DefaultRule[] = [
  ...rows(TEMPORARY, "/tmp"),
  { pattern: "/run/*", reason: "what running programs tell each other; gone with a restart", except: ["media"] },
  ...rows(SWAP, "/swapfile", "/swap.img", "/swap/swapfile"),
  ...rows(CACHE, "~/.cache", "/var/cache"),
  ...rows(
    BROWSER,
    "~/.config/google-chrome/*/Cache",
    "~/.config/google-chrome/*/Code Cache",
    "~/.config/google-chrome/*/GPUCache",
    "~/.config/chromium/*/Cache",
    "~/.config/chromium/*/Code Cache",
    "~/.config/chromium/*/GPUCache",
    "~/.config/microsoft-edge/*/Cache",
    "~/.config/microsoft-edge/*/Code Cache",
    "~/.config/microsoft-edge/*/GPUCache",
    "~/.mozilla/firefox/*/cache2",
    "~/snap/*/common/.cache",
    "~/.var/app/*/cache",
  ),
  ...rows(THROWN_AWAY, "~/.local/share/Trash"),
  ...rows(SEEN_TWICE, "/var/lib/docker/overlay2/*/merged", "/var/lib/containers/storage/overlay/*/merged"),
  ...rows("images of programs, opened; the images themselves are in /var/lib/snapd/snaps", "/snap"),
];

const MACOS: readonly DefaultRule[] = [
  ...rows(TEMPORARY, "/tmp", "/private/tmp", "/private/var/folders"),
  ...rows(SWAP, "/private/var/vm"),
  ...rows(CACHE, "~/Library/Caches", "/Library/Caches", "~/.cache"),
  ...rows(THROWN_AWAY, "~/.Trash"),
  ...rows("made anew by the system from what is backed up", ".Spotlight-V100", ".fseventsd"),
  ...rows("local snapshots of Time Machine", ".MobileBackups"),
];

const WINDOWS: readonly DefaultRule[] = [
  ...rows(SWAP, "/*/pagefile.sys", "/*/swapfile.sys", "/*/hiberfil.sys"),
  ...rows(TEMPORARY, "~/AppData/Local/Temp", "/*/Windows/Temp"),
  ...rows(CACHE, "~/AppData/Local/Microsoft/Windows/INetCache"),
  ...rows(
    BROWSER,
    "~/AppData/Local/Google/Chrome/User Data/*/Cache",
    "~/AppData/Local/Google/Chrome/User Data/*/Code Cache",
    "~/AppData/Local/Google/Chrome/User Data/*/GPUCache",
    "~/AppData/Local/Microsoft/Edge/User Data/*/Cache",
    "~/AppData/Local/Microsoft/Edge/User Data/*/Code Cache",
    "~/AppData/Local/Microsoft/Edge/User Data/*/GPUCache",
    "~/AppData/Local/Mozilla/Firefox/Profiles/*/cache2",
  ),
  ...rows("restore points of the system, which only it can open", "/*/System Volume Information"),
];

/** In the order of people's reading. */
export function defaultRules(platform: NodeJS.Platform): readonly DefaultRule[] {
  const own = platform === "win32" ? WINDOWS : platform === "darwin" ? MACOS : LINUX;
  return [...own, ...EVERYWHERE];
}

/** Catalog paths, with `*`, of folders in which people's homes are. */
export function homePatterns(platform: NodeJS.Platform): readonly string[] {
  if (platform === "win32") return ["*/Users/*"];
  return platform === "darwin" ? ["Users/*", "var/root", "private/var/root"] : ["home/*", "root"];
}
