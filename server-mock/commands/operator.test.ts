/** What the operator does at the service's own machine, in processes of their own. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { finished, lineOf, type Ran, server, start } from "../../test/support/run-program.ts";
import { tempFolder } from "../../test/support/temp-folder.ts";

async function initialized(): Promise<{ data: string; run: (...words: string[]) => Promise<Ran> }> {
  const data = join(tempFolder(), "service");
  const run = (...words: string[]) => server([...words, "--data", data]);
  expect((await run("init")).code).toBe(0);
  return { data, run };
}

async function logIn(data: string, email: string, password: string) {
  const child = start("server-mock/main.ts", ["start", "--data", data, "--port", "0", "--log", "silent"]);
  const [, url] = await lineOf(child, /listening on (\S+)/);
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify({ email, password });
  const response = await fetch(`${url}/v1/login`, { method: "POST", headers, body });
  child.kill("SIGKILL");
  await finished(child);
  return { status: response.status, json: JSON.stringify(await response.json()) };
}

test("an admin is made with all rights, with some, or for the whole service", async () => {
  const { data, run } = await initialized();
  const all = await run("create-admin", "all@example.com", "--generate");
  const [, password = ""] = /^all@example\.com {2}(\S{23})\n$/.exec(all.stdout) ?? [];
  expect((await logIn(data, "all@example.com", password)).status).toBe(200);
  const some = ["--role", "Viewer", "--capabilities", "users.view, machines.view"];
  expect((await run("create-admin", "some@example.com", "--generate", ...some)).code).toBe(0);
  expect((await run("create-admin", "more@example.com", "--generate", "--role", "Viewer")).code).toBe(0);
  const path = join(tempFolder(), "password");
  writeFileSync(path, "correct horse battery\n");
  const top = await run("create-admin", "top@example.com", "--top-level", "--password-file", path);
  expect(top).toMatchObject({ code: 0, stdout: "top@example.com\n" });
  expect((await logIn(data, "top@example.com", "correct horse battery")).status).toBe(200);
});

test("what makes no sense is refused with a reason, and nothing happens", async () => {
  const { run } = await initialized();
  const cases = [
    [["create-admin", "no-address", "--generate"], "it is not an e-mail address"],
    [["create-admin", "a@example.com"], "no terminal to ask on; use --password-file or --generate"],
    [["create-admin", "a@example.com", "--generate", "--role", "Nobody"], "there is no role Nobody"],
    [
      ["create-admin", "a@example.com", "--generate", "--role", "X", "--capabilities", "users.fly"],
      "there is no users.fly",
    ],
    [["create-admin", "a@example.com", "--generate", "--capabilities", "users.view"], "name the role with --role"],
    [["create-admin", "a@example.com", "--generate", "--top-level", "--role", "X"], "it stands alone"],
    [["create-admin", "a@example.com", "--password-file", "/nowhere/x"], "it is not there"],
    [["keys", "create", "--user", "user@holdfast.example", "--count", "0"], "it is a number from 1 to 1000"],
    [["backup-self", "--to", "/nowhere"], "no passphrase, and no terminal to ask on"],
  ] as const;
  for (const [words, reason] of cases) {
    const refused = await run(...words);
    expect([refused.code, refused.stdout]).toEqual([2, ""]);
    expect(refused.stderr).toContain(reason);
    expect(refused.stderr).toContain("argument/invalid");
  }
});

test("a password that is reset lets its owner in, ends the old one, and nobody else's changes", async () => {
  const { data, run } = await initialized();
  const reset = await run("reset-password", "ADMIN@holdfast.example", "--generate", "--clear-second-factor");
  const [, password = ""] = /^admin@holdfast\.example {2}(\S{23})\n$/.exec(reset.stdout) ?? [];
  expect((await logIn(data, "admin@holdfast.example", password)).status).toBe(200);
  expect(await run("reset-password", "nobody@example.com", "--generate")).toMatchObject({ code: 5 });
});

test("commands without a subcommand, and mistyped ones, are usage errors; output that nobody reads ends in peace", async () => {
  for (const words of [["users"], ["strat"], ["keys", "creat"], ["start", "--lisen", "x"]])
    expect((await server(words)).code, words.join(" ")).toBe(2);
  const child = start("server-mock/main.ts", ["start", "--help"]);
  child.stdout?.destroy();
  expect(await finished(child)).toMatchObject({ code: 0, stderr: "" });
});

test("config tells each setting's value and where it comes from, and hides secrets", async () => {
  const folder = tempFolder();
  writeFileSync(join(folder, "settings.json"), JSON.stringify({ drainSeconds: 3, data: "service" }));
  const variables = { HOLDFAST_CONFIG: join(folder, "settings.json"), HOLDFAST_METRICS_TOKEN: "hunter2" };
  const { code, stdout } = await server(["config", "--json"], variables);
  const rows = JSON.parse(stdout);
  const row = (setting: string) => rows.find((each: { setting: string }) => each.setting === setting);
  expect(code).toBe(0);
  expect(row("drainSeconds")).toMatchObject({ value: "3", from: `drainSeconds in ${folder}/settings.json` });
  expect(row("data").value).toBe(join(folder, "service"));
  expect(row("metricsToken")).toEqual({ setting: "metricsToken", value: "(secret)", from: "HOLDFAST_METRICS_TOKEN" });
});

test("a stop waits for what runs as long as it may, and a second signal doesn't wait", async () => {
  const { data } = await initialized();
  const begin = async (...words: string[]) => {
    const child = start("server-mock/main.ts", ["start", "--data", data, "--port", "0", "--log", "silent", ...words]);
    const [, url = ""] = await lineOf(child, /listening on (\S+)/);
    const ended = finished(child);
    // A log-in whose body never ends.
    const { port, hostname } = new URL(url);
    const socket = (await import("node:net")).connect(Number(port), hostname).on("error", () => undefined);
    socket.write("POST /v1/login HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{");
    await expect.poll(() => fetch(`${url}/metrics`).then((each) => each.text())).toContain("in_flight 2");
    return { child, url, ended };
  };
  const patient = await begin("--drain-seconds", "600");
  patient.child.kill("SIGTERM");
  await expect.poll(async () => (await fetch(`${patient.url}/health/ready`)).status).toBe(503);
  expect((await fetch(`${patient.url}/health/live`)).status).toBe(200);
  patient.child.kill("SIGTERM");
  expect(await patient.ended).toMatchObject({ code: null });
  const brief = await begin("--drain-seconds", "0");
  brief.child.kill("SIGTERM");
  expect(await brief.ended).toMatchObject({ code: 0 });
});
