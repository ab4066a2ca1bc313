/** The local copy on the command line: made while the service is there, used when it is gone. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { holdfast, runningService } from "../support/run-program.ts";
import { treeDifferences } from "../support/same-tree.ts";
import { tempFolder } from "../support/temp-folder.ts";

test("files come back from the copy by the passphrase, on a computer that knows neither machine nor service", async () => {
  const top = tempFolder();
  const [data, folder, disk, back] = ["machine", "files", "disk", "back"].map((name) => join(top, name)) as [
    string,
    string,
    string,
    string,
  ]; // As many as are named.
  for (const made of [folder, disk]) mkdirSync(made);
  writeFileSync(join(folder, "letter"), "Dear reader");
  const passphrase = join(top, "passphrase");
  writeFileSync(passphrase, "some words that nobody guesses\n");
  const run = (...words: string[]) => holdfast([...words, "--data", data]);
  {
    const service = await runningService(join(top, "service"));
    const own = ["--own-passphrase", "--passphrase-file", passphrase];
    const where = ["--service", service.url, "--key", service.productKeys.desktop, "--kind", "desktop"];
    expect(await run("register", ...where, ...own)).toMatchObject({ code: 0 });
    expect((await run("backup", folder, "--local")).stderr).toContain("[local/not-set]");
    const small = await run("settings", "set", "local-copy", disk, "--cap", "1k");
    expect([small.code, small.stderr]).toEqual([2, expect.stringContaining("at least 32 MiB")]);
    const unplugged = join(top, "unplugged");
    expect((await run("settings", "set", "local-copy", unplugged)).stderr).toContain(`${unplugged} is not there now`);
    expect(await run("settings", "set", "local-copy", disk, "--cap", "1G")).toMatchObject({ code: 0 });
    const first = await run("backup", folder, "--local", "--json");
    expect(JSON.parse(first.stdout)).toMatchObject({ snapshot: 1, result: "success" });
    const [record] = (await run("records", "--json")).stdout.trim().split("\n");
    expect(JSON.parse(record ?? "")).toMatchObject({ type: "Local", state: "success", files: 1, snapshot: null });
  }
  const elsewhere = (...words: string[]) => holdfast([...words, "--data", join(top, "nobody")]);
  const open = ["--from", disk, "--passphrase-file", passphrase];
  const restored = await elsewhere("restore", ...open, folder, "--to", back);
  expect(restored).toMatchObject({ code: 0 });
  expect(treeDifferences(folder, join(back, folder))).toEqual([]);
  expect(await elsewhere("snapshots", "--from", disk)).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("#1"),
  });
  expect(readFileSync(join(back, folder, "letter"), "utf8")).toBe("Dear reader");
});
