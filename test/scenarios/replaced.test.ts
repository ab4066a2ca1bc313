/** Replace Machine: new hardware takes over a machine's history with an administrator's code. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { holdfast } from "../support/run-program.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { startTestService } from "../support/test-service.ts";

test("with a code new hardware goes on where the old one stopped, and the old one is refused", async () => {
  const service = await startTestService();
  const top = tempFolder();
  const files = join(top, "files");
  mkdirSync(files);
  writeFileSync(join(files, "plan.txt"), "as it was");
  const [old, anew] = [{ HOLDFAST_HOME: join(top, "old") }, { HOLDFAST_HOME: join(top, "new") }];
  const at = ["register", "--service", service.address, "--kind", "desktop", "--json"];
  const registered = await holdfast([...at, "--key", service.first.productKeys.desktop, "--name", "den"], old);
  const { machine } = JSON.parse(registered.stdout);
  expect(await holdfast(["backup", files], old)).toMatchObject({ code: 0 });

  const token = await service.logIn("admin");
  const made = await service.call("createReplacement", { token, params: { machine } });
  expect(made.status).toBe(200);
  const taken = await holdfast([...at, "--replace", made.json.code], anew);
  expect(JSON.parse(taken.stdout)).toMatchObject({ machine, name: "den" });
  const { email, password } = service.first.user;
  const person = { ...anew, HOLDFAST_PASSWORD: password };
  writeFileSync(join(files, "plan.txt"), "as it is now");
  expect(await holdfast(["backup", files], anew)).toMatchObject({ code: 0 });
  const restored = join(top, "back");
  const before = ["restore", "--at", "#1", "--to", restored, "--email", email];
  expect(await holdfast(before, person)).toMatchObject({ code: 0 });
  expect(readFileSync(join(restored, files, "plan.txt"), "utf8")).toBe("as it was");

  expect((await holdfast(["backup", files], old)).code).not.toBe(0);
  // Good once.
  const again = await holdfast([...at, "--replace", made.json.code], { HOLDFAST_HOME: join(top, "third") });
  expect(again.code).not.toBe(0);
  expect(again.stdout + again.stderr).toContain("replacement/invalid");
});
