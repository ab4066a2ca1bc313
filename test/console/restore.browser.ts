/** Where a user gets a file back: the real agent's backups, opened in the service, in a browser. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import type { Download, Locator, Page } from "playwright-core";
import { expect, test } from "vitest";
import { expectAccessible } from "../support/console/accessible.ts";
import { asUser, backedUpHome, folderPath, NAMES, startRestorePlace } from "../support/console/restore-place.ts";

const bytesOf = async (download: Download): Promise<Buffer> => readFileSync(await download.path());

async function downloaded(page: Page, from: Locator): Promise<Download> {
  const [download] = await Promise.all([page.waitForEvent("download"), from.click()]);
  return download;
}

const row = (page: Page, name: string | RegExp) => page.getByRole("grid").getByRole("row", { name });

/** Names of files as they are shown. */
const shownNames = (page: Page) => page.getByRole("grid").locator(".entry-title .name-text").allInnerTexts();

const fromTar = (archive: string, name: string): Buffer => execFileSync("tar", ["-xOf", archive, "--", name]);

test("a user finds yesterday's file: machine, date by keyboard, versions, and has every byte of it", async () => {
  const service = await startRestorePlace();
  const machine = await backedUpHome(service);
  const page = await asUser(service, "/restore");
  await page.getByRole("rowheader", { name: "den" }).waitFor();
  expect(await page.getByRole("columnheader").allInnerTexts()).toEqual(
    expect.arrayContaining([expect.stringContaining("Machine"), "Encryption"]),
  );
  expect(await page.getByRole("columnheader", { name: "User" }).count()).toBe(0);
  await page.getByRole("link", { name: "den" }).click();
  // Folders above that hold nothing else are gone through.
  await row(page, /letter\.txt/).waitFor();
  expect(new URL(page.url()).searchParams.get("folder")).toBe(machine.path());
  await page.getByText("As of Sunday, 22 November 2026").waitFor();

  await page.getByRole("button", { name: "Change Date" }).focus();
  await page.keyboard.press("Enter");
  const day = page.getByRole("button", { name: "Saturday, 21 November 2026, 1 backup" });
  await day.waitFor();
  expect(await page.getByRole("button", { name: "Friday, 20 November 2026, no backup" }).isDisabled()).toBe(true);
  await page.getByRole("button", { name: /^Sunday, 22 November 2026/ }).focus();
  await page.keyboard.press("ArrowLeft");
  await expect.poll(() => page.locator(":focus").getAttribute("aria-label")).toContain("21 November");
  await page.keyboard.press("Enter");
  await page.getByRole("radio", { name: /12:00/ }).waitFor();
  await page.getByRole("button", { name: "Go" }).press("Enter");
  await row(page, /plan\.txt/).waitFor();
  expect(new URL(page.url()).searchParams.get("snapshot")).toBe("1");
  const old = await downloaded(page, page.getByRole("link", { name: "Download letter.txt" }));
  expect([old.suggestedFilename(), (await bytesOf(old)).toString()]).toEqual(["letter.txt", "first draft\n"]);
  await page.reload();
  await row(page, /plan\.txt/).waitFor();
  await page.getByRole("button", { name: "Newest backup" }).click();
  await row(page, /plan\.txt/).waitFor({ state: "detached" });
  await row(page, /letter\.txt/).waitFor();

  await page.getByRole("button", { name: "Show Versions of letter.txt" }).click();
  const versions = page.getByRole("dialog").getByRole("row");
  await versions.filter({ hasText: "12 B" }).waitFor();
  expect(await versions.count()).toBe(3);
  const first = await downloaded(page, page.getByRole("link", { name: /Download the version of 21 Nov 2026/ }));
  expect((await bytesOf(first)).toString()).toBe("first draft\n");
  await page.getByRole("button", { name: /View the version of 21 Nov 2026/ }).click();
  await page.getByText("first draft").waitFor();
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await expect.poll(() => page.getByRole("dialog").count()).toBe(0);
});

test("files and folders of several folders and dates are downloaded as one archive, by a link that anybody can use again", async () => {
  const service = await startRestorePlace();
  const machine = await backedUpHome(service);
  const page = await asUser(service, folderPath(machine));
  await page.getByLabel("Select letter.txt").check();
  await page.getByLabel("Include Deleted Files").check();
  await row(page, /plan\.txt.*Deleted/).waitFor();
  await page.getByLabel("Select plan.txt").check();
  await page.getByRole("link", { name: "photos" }).click();
  await row(page, /cat\.png/).waitFor();
  await page.getByLabel("Select holiday").check();
  const selection = page.getByRole("region", { name: "Selection" });
  await selection.getByText("2 files and 1 folder selected (31 B and the folders)").waitFor();
  await page.getByRole("link", { name: "holiday" }).click();
  await row(page, /beach\.bin/).waitFor();
  expect(await page.getByLabel("Select beach.bin").isDisabled()).toBe(true);
  await selection.getByLabel("Archive").selectOption("tar");
  await selection.getByRole("button", { name: "Download" }).click();
  const card = page.getByRole("region", { name: /^den-.*\.tar$/ });
  await card.getByText("Ready for Download").waitFor();
  await card.getByText("3 files, 300 kB").waitFor();
  await card.getByText("The link works until").waitFor();
  await selection.waitFor({ state: "detached" });

  const download = await downloaded(page, card.getByRole("link", { name: "Download" }));
  const archive = await download.path();
  const top = machine.path().slice(1);
  expect(fromTar(archive, `${top}/letter.txt`).toString()).toBe("second draft, longer\n");
  expect(fromTar(archive, `${top}/plan.txt`).toString()).toBe("gone soon\n");
  expect(fromTar(archive, `${top}/photos/holiday/beach.bin`)).toEqual(
    readFileSync(machine.path("photos/holiday/beach.bin")),
  );
  await card.getByText("Completed").waitFor();
  await card.getByText("3 / 3 files retrieved, 300 kB").waitFor();
  await card.getByRole("button", { name: "Copy link" }).click();
  const copied = () => page.evaluate<string>("navigator.clipboard.readText()");
  await expect.poll(copied).toContain(service.address);
  const link = await copied();
  const again = await fetch(link);
  expect(Buffer.from(await again.arrayBuffer())).toEqual(await bytesOf(download));

  const restores = page.getByRole("table", { name: "Restores of den" });
  const done = restores.getByRole("row").filter({ hasText: "Archive" });
  await done.getByText("Completed").waitFor();
  const third = await downloaded(page, done.getByRole("button", { name: "Download" }));
  expect(await bytesOf(third)).toEqual(await bytesOf(download));
  await card.getByRole("button", { name: "End the link" }).click();
  await expect.poll(async () => (await fetch(link)).status).toBe(404);
});

test("text and pictures are shown in place; pages and programs are never run", async () => {
  const service = await startRestorePlace();
  const machine = await backedUpHome(service);
  const page = await asUser(service, folderPath(machine), { mayFail: [/415/] });
  await page.getByRole("button", { name: NAMES.markup, exact: true }).click();
  await page.getByText("<script>document.title = 'run'</script>").waitFor();
  expect(await page.title()).not.toBe("run");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "photo⟨U+202E⟩gnp.exe", exact: true }).click();
  await page.getByText("This file can't be shown in place.").waitFor();
  const raw = await downloaded(page, page.getByRole("dialog").getByRole("link", { name: "Download" }));
  expect(await bytesOf(raw)).toEqual(readFileSync(machine.path(NAMES.turned)));
  await page.keyboard.press("Escape");
  await page.getByRole("link", { name: "photos" }).click();
  await page.getByRole("button", { name: "cat.png", exact: true }).click();
  const picture = page.getByRole("img", { name: "Picture cat.png" });
  await picture.waitFor();
  expect(await picture.getAttribute("src")).toMatch(/^blob:/);
  await expect.poll(() => page.evaluate("document.querySelector('.file-picture').naturalWidth")).toBe(1);
});

test("with the keyboard alone one goes through folders, selects and opens; Back and reload come back to the same place", async () => {
  const service = await startRestorePlace();
  const machine = await backedUpHome(service);
  const page = await asUser(service, folderPath(machine));
  await row(page, /letter\.txt/).waitFor();
  expect(await shownNames(page)).toEqual([
    "empty",
    "photos",
    NAMES.formula,
    "letter.txt",
    "photo⟨U+202E⟩gnp.exe",
    NAMES.markup,
  ]);
  const current = async () => {
    const id = await page.getByRole("grid").getAttribute("aria-activedescendant");
    return await page.locator(`[id="${id}"] .name-text`).first().innerText();
  };
  await page.getByRole("grid").focus();
  await page.keyboard.press("End");
  expect(await current()).toBe(NAMES.markup);
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowDown");
  expect(await current()).toBe("photos");
  await page.keyboard.press("Enter");
  await row(page, /cat\.png/).waitFor();
  await page.keyboard.press("Enter");
  await row(page, /beach\.bin/).waitFor();
  await page.keyboard.press(" ");
  await page.getByText("1 file selected (300 kB)").waitFor();
  await page.keyboard.press("Backspace");
  await row(page, /cat\.png/).waitFor();
  await expect.poll(current).toBe("holiday");
  await page.goBack();
  await row(page, /beach\.bin/).waitFor();
  await page.goBack();
  await row(page, /cat\.png/).waitFor();
  await page.goBack();
  await row(page, /letter\.txt/).waitFor();
  await page.getByRole("grid").focus();
  // Letters that come too far apart begin a new word: typed once more after a pause.
  const typeWord = async () => {
    await page.keyboard.type("let");
    return await current();
  };
  await expect.poll(typeWord, { interval: 1000 }).toBe("letter.txt");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").getByText("second draft, longer").waitFor();
  await page.keyboard.press("Escape");
  await expect.poll(() => page.locator("[role=grid]:focus").count()).toBe(1);
  await page.goForward();
  await row(page, /cat\.png/).waitFor();
  await page.reload();
  await row(page, /cat\.png/).waitFor();
});

test("a search finds names as of the date, everywhere or below a folder, also deleted ones", async () => {
  const service = await startRestorePlace();
  const machine = await backedUpHome(service);
  const page = await asUser(service, folderPath(machine));
  await row(page, /letter\.txt/).waitFor();
  const search = page.getByRole("searchbox", { name: "Search" });
  await search.fill("*.txt");
  await row(page, /letter\.txt.*in \//).waitFor();
  expect(await shownNames(page)).toEqual(["letter.txt"]);
  await page.getByLabel("Include Deleted Files").check();
  await row(page, /plan\.txt.*Deleted/).waitFor();
  await search.fill("nowhere");
  await page.getByText("Nothing found").waitFor();
  await page.getByRole("button", { name: "Clear search" }).click();
  await page.getByRole("link", { name: "photos" }).click();
  await row(page, /cat\.png/).waitFor();
  await page.getByLabel("Search in").selectOption("This folder");
  await search.fill("e");
  await row(page, /beach\.bin/).waitFor();
  expect(await shownNames(page)).toEqual(["beach.bin"]);
  await page.goBack();
  await row(page, /cat\.png/).waitFor();
});
