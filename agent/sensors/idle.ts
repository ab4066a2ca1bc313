/**
 * For how long nobody has used the machine. Linux: what logind knows of each session (desktops tell it; of a terminal it knows the last key), or the
 * terminals alone where there is no logind. Nobody logged in: since the machine was started. macOS: the last key or mouse. Windows: not told.
 */
import { readdir, stat } from "node:fs/promises";
import { uptime } from "node:os";
import type { AskProgram } from "./ask-program.ts";

const SESSIONS = "/run/systemd/sessions";

export interface IdleOptions {
  readonly platform: NodeJS.Platform;
  readonly ask: AskProgram;
  /** Milliseconds since 1970: sessions and terminals tell times of day. */
  readonly nowMs: number;
}

export async function readIdleMinutes({ platform, ask, nowMs }: IdleOptions): Promise<number | null> {
  if (platform === "darwin") return parseHidIdle((await ask("ioreg", "-c", "IOHIDSystem", "-d", "4")) ?? "");
  if (platform !== "linux") return null;
  const usedAt = (await loginsUsedAt(ask, nowMs)) ?? (await terminalsUsedAt());
  return Math.max(0, Math.min(uptime() / 60, (nowMs - usedAt) / 60_000));
}

/** When somebody last used one of them, as far as logind knows; `null` without logind. -Infinity: nobody is logged in. */
async function loginsUsedAt(ask: AskProgram, nowMs: number): Promise<number | null> {
  const names = await readdir(SESSIONS).catch(() => null);
  const ids = names?.filter((name) => !name.includes(".")); // `.ref` are its locks.
  if (!ids) return null;
  if (ids.length === 0) return Number.NEGATIVE_INFINITY;
  const text = await ask("loginctl", "show-session", ...WANTED.flatMap((name) => ["-p", name]), ...ids);
  return text === null ? null : sessionsUsedAt(text, nowMs);
}

/** One by one: older ones take no list. */
const WANTED = ["Class", "State", "Type", "IdleHint", "IdleSinceHint"];

/** Blocks of `IdleHint=no`. */
export function sessionsUsedAt(text: string, nowMs: number): number {
  const times = text.split(/\n\s*\n/).map((block) => {
    const said = (name: string) => new RegExp(`^${name}=(.*)$`, "m").exec(block)?.[1] ?? "";
    // Log-in screens and services have sessions, too.
    if (!said("Class").startsWith("user") || said("State") === "closing") return Number.NEGATIVE_INFINITY;
    const sinceMs = Number(said("IdleSinceHint")) / 1000;
    // Of a terminal it is the last key, idle or not.
    const isTold = (said("IdleHint") === "yes" || said("Type") === "tty") && sinceMs > 0;
    return isTold ? sinceMs : nowMs;
  });
  return Math.max(...times);
}

/** The kernel notes in a terminal's own time of access when a key was last pressed, to eight seconds. */
async function terminalsUsedAt(): Promise<number> {
  const pseudo = (await readdir("/dev/pts").catch(() => [])).filter((name) => /^\d+$/.test(name));
  const screens = Array.from({ length: 12 }, (_, index) => `/dev/tty${index + 1}`);
  const paths = [...pseudo.map((name) => `/dev/pts/${name}`), ...screens];
  const found = paths.map((path) =>
    stat(path).then(
      ({ atimeMs }) => atimeMs,
      () => Number.NEGATIVE_INFINITY,
    ),
  );
  return Math.max(...(await Promise.all(found)));
}

/** Nanoseconds, in what `ioreg` writes. */
export function parseHidIdle(text: string): number | null {
  const [, nanoseconds] = /"HIDIdleTime" = (\d+)/.exec(text) ?? [];
  return nanoseconds === undefined ? null : Number(nanoseconds) / 60e9;
}
