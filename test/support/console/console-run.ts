/** Before the run: a browser, and the console as it is now, built for this run alone. */

import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { buildConsole } from "../../../scripts/console.ts";

declare module "vitest" {
  interface ProvidedContext {
    readonly browser: string;
    readonly consoleFolder: string;
  }
}

const CHROMIUM = "/usr/bin/chromium";
let folder: string | undefined;

export async function setup({ provide }: TestProject): Promise<void> {
  provide("browser", findBrowser());
  folder = mkdtempSync(join(tmpdir(), "holdfast-console-"));
  await buildConsole(folder);
  provide("consoleFolder", folder);
}

export function teardown(): void {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
}

/** The one that CHROME_BIN names, or the distribution's Chromium, installed if that is possible. */
function findBrowser(): string {
  const { CHROME_BIN: named } = process.env;
  if (named !== undefined) return named;
  if (!existsSync(CHROMIUM) && process.getuid?.() === 0) {
    const quiet = { stdio: "ignore", env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } } as const;
    spawnSync("apt-get", ["update", "-qq"], quiet);
    spawnSync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-dejavu-core"], quiet);
  }
  if (existsSync(CHROMIUM)) return CHROMIUM;
  throw new Error("no browser to test with: install chromium, or name one in CHROME_BIN");
}
