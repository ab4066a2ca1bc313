/** What `npm run build` makes is what is installed: it runs by itself, with its threads, brings its console along, and starts light. */
import { execFile, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { build } from "../../scripts/build.ts";
import { buildConsole } from "../../scripts/console.ts";
import { noise } from "../support/make-tree.ts";
import { lineOf } from "../support/run-program.ts";
import { treeDifferences } from "../support/same-tree.ts";

const run = promisify(execFile);
/** Outside the checkout: nothing of it, and no node_modules, can be found from there. */
const top = mkdtempSync(join(tmpdir(), "holdfast-installed-"));
const at = (name: string): string => join(top, name);
const env = {
  PATH: process.env.PATH,
  HOME: at("home"),
  TZ: "UTC",
  HOLDFAST_HOME: at("machine"),
  HOLDFAST_PASSWORD: "",
};
const program = (name: "cli" | "server-mock") => at(`package/${name}/bin.mjs`);

/** Prints what Node has loaded of itself, and which of our files. */
const TELL = `const files = [];
require("node:module").registerHooks({ load: (url, context, next) => (files.push(url), next(url, context)) });
process.on("exit", () => require("node:fs").writeSync(2, JSON.stringify({ files, builtins: process.moduleLoadList })));`;

async function holdfast(...words: readonly string[]): Promise<string> {
  const { stdout } = await run(process.execPath, [program("cli"), ...words], { env });
  return stdout;
}

async function loadedBy(...words: readonly string[]) {
  writeFileSync(at("tell.cjs"), TELL);
  const { stdout, stderr } = await run(process.execPath, ["--require", at("tell.cjs"), program("cli"), ...words], {
    env,
  });
  const { files, builtins }: Record<"files" | "builtins", string[]> = JSON.parse(stderr.slice(stderr.indexOf('{"')));
  return { stdout, ours: files.filter((file) => file.includes("/dist/")), builtins };
}

beforeAll(async () => {
  const { files } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  for (const file of files.filter((each: string) => each.endsWith(".mjs"))) {
    mkdirSync(dirname(at(`package/${file}`)), { recursive: true });
    cpSync(new URL(`../../${file}`, import.meta.url), at(`package/${file}`));
  }
  await build(at("package/dist"));
  await buildConsole(at("package/dist/console"));
  mkdirSync(at("home"));
}, 300_000);
afterAll(() => rmSync(top, { recursive: true, force: true }));

test("an installed package says its version and its help, and keeps compiled code in the home", async () => {
  const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  expect(await holdfast("--version")).toBe(`${version}\n`);
  expect(await holdfast("restore", "--help")).toContain("--at <when>");
  expect(readdirSync(at("home/.cache/holdfast/compiled"))).toEqual([version]);
});

test("the licences of what is bundled go along", () => {
  const notices = readFileSync(at("package/dist/NOTICES.txt"), "utf8");
  for (const name of ["commander", "conf", "fastify", "got", "zod", "@hpke/core", "node-forge"])
    expect(notices).toMatch(new RegExp(`^${name} \\d`, "m"));
  const ofConsole = readFileSync(at("package/dist/console/NOTICES.md"), "utf8");
  for (const name of ["react", "@mantine/core", "wouter"]) expect(ofConsole).toContain(name);
});

test("an installed package backs up, lists, restores and verifies, with its threads", async () => {
  const made = await run(process.execPath, [program("server-mock"), "init", "--data", at("service"), "--json"], {
    env,
  });
  const { user, productKeys } = JSON.parse(made.stdout);
  env.HOLDFAST_PASSWORD = user.password;
  const listen = ["start", "--data", at("service"), "--listen", "127.0.0.1:0", "--log", "silent"];
  const service = spawn(process.execPath, [program("server-mock"), ...listen], {
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const [, url = ""] = await lineOf(service, /listening on (\S+)/);
    const page = await (await fetch(url, { headers: { accept: "text/html" } })).text();
    const [, script = "nothing"] = /src="(\/assets\/[\w-]+\.js)"/.exec(page) ?? [];
    expect((await fetch(`${url}${script}`)).headers.get("content-type")).toContain("javascript");

    await holdfast("register", "--service", url, "--key", productKeys.server, "--kind", "server");
    mkdirSync(at("files/below"), { recursive: true });
    for (let each = 0; each < 50; each++) writeFileSync(at(`files/below/${each}`), noise(3000, each + 1));
    writeFileSync(at("files/large"), noise(3_000_000));
    expect(JSON.parse(await holdfast("backup", at("files"), "--json"))).toMatchObject({ snapshot: 1, problemCount: 0 });

    await holdfast("restore", "--to", at("back"), "--email", user.email);
    expect(treeDifferences(at("files"), join(at("back"), at("files")))).toEqual([]);
    const checked = await holdfast("verify", "--read-data", "--json", "--email", user.email);
    expect(JSON.parse(checked)).toMatchObject({ isDataRead: true });

    // Each command is in files of its own: none of them may wait for itself.
    const reading = ["--email", user.email];
    for (const words of [
      ["status"],
      ["records"],
      ["keys"],
      ["ignore-test", at("files/large")],
      ["ls", at("files"), ...reading],
      ["find", "large", ...reading],
      ["versions", at("files/large"), ...reading],
      ["restore", "--tar", at("files.tar"), ...reading],
    ])
      expect(await holdfast(...words), words[0]).not.toBe("");

    const listed = await loadedBy("snapshots");
    expect(listed.stdout).toContain("#1");
    expect(listed.ours.length).toBeGreaterThan(5);
    expect(listed.ours.length).toBeLessThan(readdirSync(at("package/dist")).length / 2);
    const dear = /NativeModule (https|tls|crypto|sqlite|worker_threads|child_process|internal\/deps\/undici\/undici)$/;
    expect(listed.builtins.filter((name) => dear.test(name))).toEqual([]);

    writeFileSync(at("files/below/7"), "changed");
    const changed = await loadedBy("backup", "--json");
    expect(JSON.parse(changed.stdout)).toMatchObject({ snapshot: 2 });
    // Little to send needs nothing that sends streams.
    const streams = [...changed.ours, ...changed.builtins].filter((name) =>
      /\/upload-|NativeModule (tls|.*undici)$/.test(name),
    );
    expect(streams).toEqual([]);
    expect(await holdfast("diff", "#1", ...reading)).toContain("below/7");
  } finally {
    service.kill("SIGTERM");
    await new Promise((resolve) => service.once("exit", resolve));
  }
});
