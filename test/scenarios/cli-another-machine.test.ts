/** Files of a machine that is gone, on a computer that never was one: with a log-in, and nothing else. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { holdfast, runningService } from "../support/run-program.ts";
import { tempFolder } from "../support/temp-folder.ts";

test("files of another machine are found by its name and restored, also what was deleted, whose date nobody knows", async () => {
  const top = tempFolder();
  const service = await runningService(join(top, "service"));
  const files = join(top, "files");
  mkdirSync(files);
  const old = (...words: string[]) => holdfast([...words, "--data", join(top, "laptop")]);
  const register = (name: string, kind: "desktop" | "server") => {
    const words = ["--kind", kind, "--key", service.productKeys[kind], "--name", name, "--data", join(top, name)];
    return holdfast(["register", "--service", service.url, ...words]);
  };
  expect(await register("laptop", "desktop")).toMatchObject({ code: 0 });
  expect(await register("desk", "server")).toMatchObject({ code: 0 });
  writeFileSync(join(files, "gone.txt"), "first\n");
  expect(await old("backup", files)).toMatchObject({ code: 0 });
  writeFileSync(join(files, "gone.txt"), "second\n");
  expect(await old("backup")).toMatchObject({ code: 0 });
  rmSync(join(files, "gone.txt"));
  writeFileSync(join(files, "here.txt"), "here\n");
  expect(await old("backup")).toMatchObject({ code: 0 });

  const where = ["--service", service.url, "--email", service.user.email, "--data", join(top, "none")];
  const run = (...words: string[]) => holdfast([...words, ...where], { HOLDFAST_PASSWORD: service.user.password });
  const listed = await run("machines");
  expect(listed.stdout).toMatch(/^desk .*\n?/m);
  expect(listed.stdout).toMatch(/^laptop .*default/m);
  expect(await run("ls", files)).toMatchObject({ code: 2 });
  expect((await run("ls", files)).stderr).toContain("desk (");

  expect((await run("ls", files, "--machine", "LAPTOP")).stdout).not.toContain("gone.txt");
  const deleted = await run("ls", files, "--machine", "laptop", "--deleted");
  expect(deleted.stdout).toMatch(/#2 .* gone\.txt/);
  expect(deleted.stdout).toMatch(/here\.txt/);
  const versions = await run("versions", join(files, "gone.txt"), "--machine", "laptop");
  expect(versions.stdout).toMatch(/1 {2}#2 .*gone in #3/);
  const back = join(top, "back");
  const pick = (number: string) =>
    run(
      "restore",
      join(files, "gone.txt"),
      "--machine",
      "laptop",
      "--to",
      back,
      "--existing",
      "overwrite",
      "--pick",
      number,
    );
  expect(await pick("1")).toMatchObject({ code: 0 });
  expect(readFileSync(join(back, files, "gone.txt"), "utf8")).toBe("second\n");
  expect((await pick("2")).stderr).toContain("Owners: by name");
  expect(readFileSync(join(back, files, "gone.txt"), "utf8")).toBe("first\n");
  expect((await pick("3")).stderr).toContain("has 2 versions");
  expect((await run("browse", "--machine", "laptop")).stderr).toContain("needs a terminal");
});
