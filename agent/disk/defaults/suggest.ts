/** What a machine could back up that nobody has told anything yet. Proposed, never taken for granted. Pure. */
import type { BackupSet } from "../../../protocol/messages/policies.ts";
import { NO_FILE_RULES } from "../../../protocol/messages/policies.ts";

export interface SuggestOptions {
  readonly kind: "desktop" | "server";
  readonly platform: NodeJS.Platform;
  /** Of whoever asks. */
  readonly home: string;
  readonly exists: (path: string) => boolean;
}

/** Settings, people's files, what services keep. Programs come from packages again. */
const SERVER_ROOTS = [
  "/etc",
  "/home",
  "/root",
  "/srv",
  "/opt",
  "/usr/local",
  "/var/lib",
  "/var/www",
  "/var/spool/cron",
];
/** Made again from what is elsewhere: layers of images (not volumes), lists of packages. */
const SERVER_WITHOUT = [
  "/var/lib/docker/overlay2",
  "/var/lib/containers/storage/overlay",
  "/var/lib/containerd",
  "/var/lib/apt/lists",
  "/var/lib/lxcfs",
];

/** Empty where nothing of it is there. */
export function suggestSet({ kind, platform, home, exists }: SuggestOptions): readonly BackupSet[] {
  const isServer = kind === "server";
  const everyone = platform === "win32" ? "C:\\Users" : platform === "darwin" ? "/Users" : undefined;
  const wanted = !isServer ? [homeOf(home, platform)] : everyone === undefined ? SERVER_ROOTS : [everyone];
  const roots = wanted.filter(exists);
  if (roots.length === 0) return [];
  const paths = isServer && everyone === undefined ? SERVER_WITHOUT.filter(exists) : [];
  return [
    {
      name: isServer ? "Server" : "Home",
      exclusionary: false,
      roots,
      include: NO_FILE_RULES,
      exclude: { ...NO_FILE_RULES, paths },
    },
  ];
}

/** Whoever sets a desktop up for others does it as its administrator: then all homes are meant. */
const homeOf = (home: string, platform: NodeJS.Platform): string =>
  platform !== "win32" && ["/root", "/var/root"].includes(home) ? (platform === "darwin" ? "/Users" : "/home") : home;
