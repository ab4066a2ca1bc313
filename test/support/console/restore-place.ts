/** A service whose users log in to the console, and the real agent's backups of a folder, for tests of getting files back in a browser. */
import { mkdirSync, rmSync } from "node:fs";
import type { Page } from "playwright-core";
import { type BackedUpMachine, backedUpMachine } from "../backed-up-machine.ts";
import { noise } from "../entries-to-store.ts";
import type { TestService } from "../test-service.ts";
import { type OpenOptions, openConsole, startConsoleService } from "./open-console.ts";

const SUBDOMAIN = "house";

/** One pixel. */
export const PICTURE = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

export async function startRestorePlace(): Promise<TestService> {
  const service = await startConsoleService();
  const token = await service.logIn("admin");
  const body = { subdomain: SUBDOMAIN, settings: { usersLogIn: true } };
  const { status } = await service.call("changeOwnOrganization", { token, body });
  if (status !== 200) throw new Error("no subdomain");
  return service;
}

/** As the first user, whose machine it is. */
export const asUser = (service: TestService, path: string, more: OpenOptions = {}): Promise<Page> =>
  openConsole(service, { as: service.first.user, at: SUBDOMAIN, path, ...more });

export const NAMES = {
  markup: "report <b>final<∕b><img src=x onerror=alert(1)>.html",
  turned: "photo\u202egnp.exe",
  formula: "=HYPERLINK(A1).csv",
} as const;

/** Two backups, a day apart: a letter is written anew, a plan is deleted. */
export async function backedUpHome(
  service: TestService,
  options: { passphrase?: string; source?: string } = {},
): Promise<BackedUpMachine> {
  const machine = await backedUpMachine(service, options);
  machine.write("letter.txt", "first draft\n");
  machine.write("plan.txt", "gone soon\n");
  machine.write("photos/cat.png", PICTURE);
  machine.write("photos/holiday/beach.bin", noise(300_000, 1));
  machine.write(NAMES.markup, "<script>document.title = 'run'</script>\n");
  machine.write(NAMES.turned, noise(2000, 2));
  machine.write(NAMES.formula, "1,2\n");
  mkdirSync(machine.path("empty"));
  await machine.backUp();
  rmSync(machine.path("plan.txt"));
  machine.write("letter.txt", "second draft, longer\n");
  await machine.backUp();
  return machine;
}

/** Where the folder that was backed up is shown. */
export const folderPath = (machine: BackedUpMachine, query: Record<string, string> = {}): string =>
  `/restore/${machine.id}?${new URLSearchParams({ folder: machine.path(), ...query })}`;
