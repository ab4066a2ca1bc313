/** What of a machine is kept and braked, what it is told, and moves by file. */
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { openConsole, startConsoleService } from "../support/console/open-console.ts";
import { addMachine, addUser } from "../support/people.ts";

test("an admin pins a snapshot, brings a pruned one back, and puts a machine under a legal hold", async () => {
  const service = await startConsoleService();
  const token = await service.logIn("admin");
  const machine = await addMachine(service, await addUser(service, token, "ann"), { name: "den" });
  for (let count = 0; count < 3; count++) await machine.backUp();
  const { records } = service.service.domain;
  const vault = (await records.vaults.find(machine.vault.id.toString("hex")))?.number ?? 0;
  await records.reach.changeSnapshots(vault, [1], { state: "pruned", stateAt: service.clock.now() });
  const page = await openConsole(service, { as: service.first.admin, path: `/machines/${machine.id}/retention` });
  const dialog = page.getByRole("dialog");
  const row = (number: number) => page.getByRole("row", { name: new RegExp(`^${number} `) });
  await row(2).getByRole("button", { name: "Pin" }).click();
  await dialog.getByRole("button", { name: "Pin" }).click();
  await dialog.getByText("Say why: others will read it.").waitFor();
  await dialog.getByLabel("Reason").fill("Before the <b>move</b>");
  await dialog.getByRole("button", { name: "Pin" }).click();
  await row(2).getByText("Before the <b>move</b>").waitFor();
  await row(1).getByText("Pruned").waitFor();
  await row(1).getByRole("button", { name: "Bring back" }).click();
  await dialog.getByLabel("Reason").fill("Asked for");
  await dialog.getByRole("button", { name: "Bring back" }).click();
  await row(1).getByText("Asked for").waitFor();
  await row(1).getByText("Kept").waitFor();
  await row(1).getByRole("button", { name: "Unpin" }).click();
  await dialog.getByRole("button", { name: "Unpin" }).click();
  await row(1).getByRole("button", { name: "Pin", exact: true }).waitFor();

  const holds = page.getByRole("region", { name: "Legal holds", exact: true });
  await holds.getByRole("button", { name: "Put a hold on" }).click();
  await dialog.getByLabel("Reason").fill("Audit of 2026");
  await dialog.getByRole("button", { name: "Put a hold on" }).click();
  await holds.getByText("Audit of 2026").waitFor();
  await page.getByRole("status").filter({ hasText: /hold/ }).first().waitFor();
  await holds.getByRole("button", { name: "End the hold" }).click();
  await dialog.getByText("Its reason was: Audit of 2026").waitFor();
  await dialog.getByRole("button", { name: "End the hold" }).click();
  await holds.getByText("No hold").waitFor();
});

test("frozen expiry, a collection that is held, and damage are told with what to do, and released", async () => {
  const service = await startConsoleService();
  const token = await service.logIn("admin");
  const machine = await addMachine(service, await addUser(service, token, "ann"), { name: "den" });
  await machine.backUp();
  const { records } = service.service.domain;
  const vault = (await records.vaults.find(machine.vault.id.toString("hex")))?.number ?? 0;
  const frozen = { frozenAt: service.clock.now(), frozenReason: "9 of 10 files were <i>deleted</i>." };
  await records.spaces.change(vault, { ...frozen, heldBytes: 7_000_000_000 });
  await records.damages.insert({
    ...{ id: "d1", vault, kind: "pack", name: "ab".repeat(32), reason: "its digest is wrong", chunks: 3 },
    ...{ snapshots: "[1]", state: "open", foundAt: service.clock.now(), healedAt: null },
  });
  const page = await openConsole(service, { as: service.first.admin, path: `/machines/${machine.id}` });
  const dialog = page.getByRole("dialog");
  await page.getByText("9 of 10 files were <i>deleted</i>.").waitFor();
  await page.getByText("A collection would free 7 GB at once").waitFor();
  await page.getByText("Damage found in the storage").waitFor();
  await page.getByText("3 pieces are missing.").waitFor();
  await page.getByRole("button", { name: "Let expiry go on" }).click();
  await dialog.getByRole("button", { name: "Let expiry go on" }).click();
  await page.getByText("Expiry goes on.").waitFor();
  await page.getByRole("button", { name: "Release it" }).click();
  await dialog.getByText("Free 7 GB?").waitFor();
  await dialog.getByRole("button", { name: "Release it" }).click();
  await page.getByText("The collection goes on.").waitFor();
  expect(await records.spaces.find(vault)).toMatchObject({ frozenAt: null, confirmedBytes: 7_000_000_000 });
});

test("View Configuration tells each value with who says it and its lock, and whether the machine has it", async () => {
  const service = await startConsoleService();
  const token = await service.logIn("admin");
  const machine = await addMachine(service, await addUser(service, token, "ann"), { name: "den" });
  const { group } = (await service.call("getMachine", { token, params: { machine: machine.id } })).json;
  const say = (name: "putPolicy" | "putGroupPolicy", params: Record<string, string>, settings: object) =>
    service.call(name, { token, params, body: { settings } });
  await say("putPolicy", { kind: "desktop" }, { locations: { value: "cloud-only", locked: true } });
  await say("putGroupPolicy", { group: group.id, kind: "desktop" }, { warningDays: { value: 9 } });
  const path = `/machines/${machine.id}/configuration`;
  const page = await openConsole(service, { as: service.first.admin, path });
  await page.getByRole("row", { name: "Locations Cloud only Organization Locked" }).waitFor();
  await page.getByRole("row", { name: /Warning .*9 days User group The user may change it/ }).waitFor();
  await page.getByRole("row", { name: /Backup sets .* Built in/ }).waitFor();
  await page.getByText("The machine does not have this configuration yet").waitFor();
  const { tag } = (await service.call("ownPolicy", { token: machine.token })).json;
  await service.call("takePolicy", { token: machine.token, body: { tag } });
  await page.reload();
  await page.getByText("The machine works by this configuration").waitFor();
  await page.getByRole("link", { name: "Configure this machine" }).click();
  await page.getByRole("heading", { name: "Configure den", level: 1 }).waitFor();
  await page.getByRole("heading", { name: "Locations", level: 2 }).waitFor();
});

test("machines move by a filled-in file, after a dry run that names each row's mistake", async () => {
  const service = await startConsoleService();
  const token = await service.logIn("admin");
  const [ann, bob] = [await addUser(service, token, "ann"), await addUser(service, token, "bob")];
  const den = await addMachine(service, ann, { name: "den" });
  const loft = await addMachine(service, ann, { name: "loft" });
  const page = await openConsole(service, { as: service.first.admin, path: "/machines", mayFail: [/4\d\d/] });
  await page.getByRole("link", { name: "Machine mapping" }).click();
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download mapping (CSV)" }).click();
  const mapping = await readFile(await (await download).path(), "utf8");
  const [header = "", ...lines] = mapping.trim().split("\r\n");
  expect(header.replace("\ufeff", "")).toBe("Machine Name,Machine Hash,Current Owner,New Owner");
  const filled = lines.map((line) =>
    line.includes(den.id) ? line.replace(/,$/, ",bob@example.com") : line.replace(/,$/, ",nobody@example.com"),
  );
  await page.getByRole("button", { name: "Check (dry run)" }).click();
  await page.getByText("Choose the filled-in file.", { exact: true }).waitFor();
  const buffer = Buffer.from([header, ...filled].join("\r\n"));
  const chooser = page.waitForEvent("filechooser");
  await page.getByLabel("CSV file").click();
  await (await chooser).setFiles({ name: "mapping.csv", mimeType: "text/csv", buffer });
  await page.getByRole("button", { name: "Check (dry run)" }).click();
  const dryRun = page.getByRole("status", { name: "What would happen" });
  await dryRun.getByText("Rows read").locator("+ *").getByText("2").waitFor();
  await dryRun.getByText("Would be moved").locator("+ *").getByText("1").waitFor();
  await dryRun.getByText("Skipped").locator("+ *").getByText("0").waitFor();
  const mistake = filled.findIndex((line) => line.includes(loft.id)) + 2;
  await dryRun.getByRole("row", { name: /loft/ }).getByText(String(mistake), { exact: true }).waitFor();
  const ownerOf = async (machine: string) =>
    (await service.call("getMachine", { token, params: { machine } })).json.user.id;
  expect(await ownerOf(den.id)).toBe(ann.id);
  await page.getByRole("button", { name: "Move 1 machine" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Move 1 machine" }).click();
  await page.getByRole("status", { name: "What was done" }).waitFor();
  expect([await ownerOf(den.id), await ownerOf(loft.id)]).toEqual([bob.id, ann.id]);
});
