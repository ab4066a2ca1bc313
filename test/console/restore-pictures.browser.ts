/** Pictures of restoring for docs/console/, with the home folder of a person who isn't there: made when they are asked for. */
import { mkdirSync, rmSync, utimesSync } from "node:fs";
import { expect, test } from "vitest";
import { type BackedUpMachine, backedUpMachine } from "../support/backed-up-machine.ts";
import { asUser, startRestorePlace } from "../support/console/restore-place.ts";
import { shot } from "../support/console/shot.ts";
import { noise } from "../support/entries-to-store.ts";
import { addMachine } from "../support/people.ts";
import type { TestService } from "../support/test-service.ts";

/** Not made where there is somebody of that name. */
const HOME = "/home/ann";
const HOUR_MS = 3_600_000;

const FILES: readonly (readonly [name: string, bytes: number, modified: string])[] = [
  ["Documents/Contracts/lease.pdf", 184_320, "2024-03-02T10:12:00Z"],
  ["Documents/Household.ods", 48_211, "2026-11-02T18:40:00Z"],
  ["Documents/Letters/insurance.odt", 22_118, "2026-09-14T08:05:00Z"],
  ["Documents/thesis-draft.odt", 913_402, "2026-11-19T22:31:00Z"],
  ["Music/rehearsal.flac", 1_204_553, "2025-05-11T15:00:00Z"],
  ["Pictures/2026 Lisbon/beach.jpg", 845_120, "2026-07-04T11:23:00Z"],
  ["Pictures/2026 Lisbon/tram.jpg", 799_731, "2026-07-04T16:48:00Z"],
  ["Projects/garden/plan.svg", 35_900, "2026-04-21T09:30:00Z"],
  ["budget.csv", 6_431, "2026-10-30T19:02:00Z"],
  ["passport scan.png", 640_002, "2023-01-15T12:00:00Z"],
  ["recipes.md", 12_874, "2026-11-12T17:45:00Z"],
  ["shopping.txt", 311, "2026-11-20T07:58:00Z"],
  ["todo.txt", 1_220, "2026-11-20T21:10:00Z"],
];

async function fillHome(service: TestService, machine: BackedUpMachine): Promise<void> {
  const put = (name: string, bytes: number, modified: string) => {
    machine.write(name, noise(bytes, name.length));
    utimesSync(machine.path(name), new Date(modified), new Date(modified));
  };
  for (const file of FILES) put(...file);
  put("old-notes.txt", 2_048, "2026-02-01T09:00:00Z");
  await machine.backUp();
  rmSync(machine.path("old-notes.txt"));
  for (const [hours, size] of [
    [0, 1_000],
    [-18, 1_050],
    [24, 1_090],
    [6, 1_130],
    [0, 1_170],
    [-20, 1_220],
    [0, 1_240],
  ] as const) {
    // A backup moves the clock on by a day; some come sooner.
    service.clock.advance(hours * HOUR_MS);
    put("todo.txt", size, new Date(service.clock.now() - HOUR_MS).toISOString());
    await machine.backUp();
  }
  for (const folder of ["Documents", "Music", "Pictures", "Projects"])
    utimesSync(machine.path(folder), new Date("2026-11-19T22:31:00Z"), new Date("2026-11-19T22:31:00Z"));
  await machine.backUp();
}

test.runIf(process.env.SCREENSHOTS === "1")("pictures of getting files back", async () => {
  mkdirSync(HOME);
  try {
    const service = await startRestorePlace();
    const machine = await backedUpMachine(service, { source: HOME });
    await fillHome(service, machine);
    await addMachine(service, service.first.user, { name: "studio", os: "Debian 13" });
    const page = await asUser(service, "/restore");
    await page.getByRole("rowheader", { name: "den" }).waitFor();
    await shot(page, "restore-machines");
    await page.goto(`${service.address}/restore/${machine.id}?folder=/home/ann&deleted=1`);
    await page.getByLabel("Select todo.txt").check();
    await page.getByLabel("Select Pictures").check();
    await page.getByRole("row", { name: /old-notes\.txt.*Deleted/ }).waitFor();
    await page.getByRole("table", { name: /^Restores/ }).waitFor();
    await shot(page, "restore");
    await page.emulateMedia({ colorScheme: "dark" });
    await shot(page, "restore-dark");
    await page.emulateMedia({ colorScheme: "light" });
    await page.getByRole("button", { name: "Show Versions of todo.txt" }).click();
    await page.getByRole("dialog").getByRole("rowheader").first().waitFor();
    await shot(page, "restore-versions");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Change Date" }).click();
    await page.getByRole("button", { name: "Go" }).waitFor();
    await shot(page, "restore-date");
    await page.goto(`${service.address}/machines/${machine.id}/files?folder=/home/ann`);
    await page.getByRole("row", { name: /todo\.txt/ }).waitFor();
    await shot(page, "machine-files");

    const other = await startRestorePlace();
    const own = await backedUpMachine(other, { source: HOME, passphrase: "correct horse battery" });
    await own.backUp();
    const second = await asUser(other, `/restore/${own.id}`);
    await second.getByRole("button", { name: "Order Restore" }).waitFor();
    await shot(second, "restore-own-key");
    expect(await second.getByRole("grid").count()).toBe(0);
  } finally {
    rmSync(HOME, { recursive: true });
  }
});
