/** What an admin orders in the console is run, looked at or refused at the machine, by whoever sits there. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { holdfast, runningService } from "../support/run-program.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { callRoute } from "../support/test-service.ts";

test("an order is listed, tried out, run once, and others are refused", async () => {
  const top = tempFolder();
  const service = await runningService(join(top, "service"));
  const files = join(top, "files");
  mkdirSync(files);
  writeFileSync(join(files, "50% off.txt"), "letter\n");
  const run = (...words: string[]) =>
    holdfast([...words, "--data", join(top, "machine")], { HOLDFAST_PASSWORD: service.user.password });
  await run("register", "--service", service.url, "--key", service.productKeys.desktop, "--kind", "desktop");
  expect(await run("backup", files)).toMatchObject({ code: 0 });
  const { token } = (await callRoute(service.url, "login", { body: service.user })).json;
  const [machine] = (await callRoute(service.url, "listMachines", { token })).json.items;
  const back = join(top, "back");
  const order = async () => {
    const body = { snapshot: 1, paths: [`${files}/50%25 off.txt`], target: { kind: "folder", path: back } };
    return (await callRoute(service.url, "orderRestore", { token, params: { machine: machine.id }, body })).json.id;
  };

  expect((await run("orders")).stderr).toContain("None.");
  const id = await order();
  const listed = await run("orders");
  expect(listed.stdout).toContain(`holdfast restore --order ${id}`);
  expect(JSON.parse((await run("orders", "--json")).stdout)).toMatchObject({ id, state: "waiting", snapshot: 1 });

  const tried = await run("restore", "--order", id, "--dry-run");
  expect([tried.code, existsSync(back)]).toEqual([0, false]);
  expect(tried.stderr).toContain(`Ordered by ${service.user.email}`);
  expect((await run("orders")).stdout).toContain("waiting");

  expect(await run("restore", "--order", id, "--to", "/elsewhere")).toMatchObject({ code: 2 });
  const done = await run("restore", "--order", id, "--json");
  expect([done.code, JSON.parse(done.stdout)]).toMatchObject([0, { result: "completed", filesRetrieved: 1 }]);
  expect(readFileSync(join(back, files, "50% off.txt"), "utf8")).toBe("letter\n");
  const rows = (await callRoute(service.url, "listRestores", { token, params: { machine: machine.id } })).json.items;
  expect(rows.find((each: { id: string }) => each.id === id)).toMatchObject({ status: "completed", source: "web" });
  expect((await run("restore", "--order", id)).code).not.toBe(0);

  expect((await run("orders", "--approve", top)).stderr).toContain("this machine's own keys");
  expect((await run("orders", "--approve", back)).stdout).toContain(back);
  expect((await run("orders")).stderr).toContain(`Run unasked by \`holdfast run\`: into ${back}`);
  expect((await run("orders", "--withdraw", back)).stdout).toContain("wait for somebody here");

  const second = await order();
  expect((await run("orders", "--refuse", second)).stdout).toContain("Refused.");
  expect((await run("orders", "--refuse", second)).code).not.toBe(0);
  expect((await run("orders")).stdout).toBe("");
});
