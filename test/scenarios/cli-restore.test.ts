/** Getting files back with the command line, from a real service. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { holdfast, runningService } from "../support/run-program.ts";
import { tempFolder } from "../support/temp-folder.ts";

async function setup(...register: string[]) {
  const top = tempFolder();
  const service = await runningService(join(top, "service"));
  const data = join(top, "machine");
  const files = join(top, "files");
  mkdirSync(join(files, "sub"), { recursive: true });
  writeFileSync(join(files, "letter.txt"), "first\n");
  writeFileSync(join(files, "sub", "odd\nname\x1b[31m"), "odd\n");
  const secrets = { HOLDFAST_PASSWORD: service.user.password, HOLDFAST_PASSPHRASE: "a long passphrase" };
  const runWith = (variables: Record<string, string>, words: string[]) =>
    holdfast([...words, "--data", data], variables);
  const run = (...words: string[]) => runWith(secrets, words);
  const key = ["--key", service.productKeys.desktop, "--kind", "desktop"];
  expect(await run("register", "--service", service.url, ...key, ...register)).toMatchObject({ code: 0 });
  return { top, service, files, run, runWith };
}

test("a file comes back as it is and as it was, and nothing is overwritten unless told so", async () => {
  const { top, files, run } = await setup();
  const letter = join(files, "letter.txt");
  await run("backup", files);
  writeFileSync(letter, "second\n");
  await run("backup");
  const back = join(top, "back");
  const restored = () => readFileSync(join(back, letter), "utf8");

  expect(await run("restore", letter, "--to", back, "--at", "#1")).toMatchObject({ code: 0 });
  expect(restored()).toBe("first\n");
  expect(existsSync(join(back, files, "sub"))).toBe(false);

  const again = await run("restore", letter, "--to", back);
  expect(again.code).toBe(3);
  expect(again.stderr).toContain("restore/exists");
  expect(restored()).toBe("first\n");

  expect(await run("restore", letter, "--to", back, "--existing", "overwrite")).toMatchObject({ code: 0 });
  expect(restored()).toBe("second\n");
  const records = (await run("records", "--restores", "--json")).stdout.trim().split("\n");
  expect(records.map((line) => JSON.parse(line).status)).toEqual(["completed", "incomplete", "completed"]);
});

test("no name of a file reaches the terminal raw", async () => {
  const { top, files, run } = await setup();
  await run("backup", files);
  await run("restore", "--to", join(top, "back"));
  const again = await run("restore", "--to", join(top, "back"));
  expect(again.stderr).toContain("odd\\nname\\e[31m");
  expect(again.stderr).not.toContain("\x1b");
});

test("without the passphrase nothing is read; with it everything", async () => {
  const { top, service, files, run, runWith } = await setup("--own-passphrase");
  await run("backup", files);
  const words = ["restore", "--to", join(top, "back")];
  const { password } = service.user;
  expect(await runWith({ HOLDFAST_PASSWORD: password }, words)).toMatchObject({ code: 2 });
  const wrong = await runWith({ HOLDFAST_PASSWORD: password, HOLDFAST_PASSPHRASE: "another" }, words);
  expect(wrong).toMatchObject({ code: 4, stderr: expect.stringContaining("key/wrong-passphrase") });
  expect(existsSync(join(top, "back"))).toBe(false);
  expect(await run(...words)).toMatchObject({ code: 0 });
  expect(readFileSync(join(top, "back", files, "letter.txt"), "utf8")).toBe("first\n");
});

test.each([
  [["--at", "yesterdayish"], 2, "option/invalid"],
  [["--at", "2001-01-01"], 5, "snapshot/none-then"],
  [["--at", "#77"], 5, "snapshot/missing"],
  [["--email", "nobody@example.org"], 4, "login/wrong"],
])("a restore with %j is refused with exit %d and %s", async (words, code, error) => {
  const { top, files, run } = await setup();
  await run("backup", files);
  const ran = await run("restore", "--to", join(top, "back"), ...words);
  expect(ran).toMatchObject({ code, stderr: expect.stringContaining(error) });
  expect(existsSync(join(top, "back"))).toBe(false);
});

test("after its data folder is lost, a machine is recovered and its history goes on", async () => {
  const { top, service, files, run } = await setup();
  await run("backup", files);
  const { machine, name } = JSON.parse(
    (await holdfast(["status", "--json", "--data", join(top, "machine")])).stdout.replace('"id"', '"machine"'),
  );
  const variables = { HOLDFAST_PASSWORD: service.user.password, HOLDFAST_HOME: join(top, "anew") };
  const words = [
    "--service",
    service.url,
    "--email",
    service.user.email,
    "--recover",
    "--name",
    name,
    "--kind",
    "desktop",
  ];
  const recovered = await holdfast(["register", ...words, "--json"], variables);
  expect(JSON.parse(recovered.stdout)).toMatchObject({ machine, name });
  expect(await holdfast(["backup", files, "--json"], variables)).toMatchObject({ code: 0 });
  expect(await holdfast(["restore", "--at", "#1", "--to", join(top, "back")], variables)).toMatchObject({ code: 0 });
});
