/** What `npm run build` makes is what is installed: it runs by itself, with its threads, and starts light. */
import { execFile, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { build } from "../../scripts/build.ts";
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

beforeAll(async () => {
  const { files } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  for (const file of files.filter((each: string) => each.endsWith(".mjs"))) {
    mkdirSync(dirname(at(`package/${file}`)), { recursive: true });
    cpSync(new URL(`../../${file}`, import.meta.url), at(`package/${file}`));
  }
  await build(at("package/dist"));
  mkdirSync(at("home"));
});
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
    await holdfast("register", "--service", url, "--key", productKeys.server, "--kind", "server");
    mkdirSync(at("files/below"), { recursive: true });
    for (let each = 0; each < 50; each++) writeFileSync(at(`files/below/${each}`), noise(3000, each + 1));
    writeFileSync(at("files/large"), noise(3_000_000));
    expect(JSON.parse(await holdfast("backup", at("files"), "--json"))).toMatchObject({ snapshot: 1, problemCount: 0 });

    await holdfast("restore", "--to", at("back"), "--email", user.email);
    expect(treeDifferences(at("files"), join(at("back"), at("files")))).toEqual([]);
    const checked = await holdfast("verify", "--read-data", "--json", "--email", user.email);
    expect(JSON.parse(checked)).toMatchObject({ isDataRead: true });

    writeFileSync(at("tell.cjs"), TELL);
    const listed = await run(process.execPath, ["--require", at("tell.cjs"), program("cli"), "snapshots"], { env });
    expect(listed.stdout).toContain("#1");
    const { files, builtins } = JSON.parse(listed.stderr.slice(listed.stderr.indexOf("{")));
    const ours = files.filter((file: string) => file.includes("/dist/"));
    expect(ours.length).toBeGreaterThan(5);
    expect(ours.length).toBeLessThan(readdirSync(at("package/dist")).length / 2);
    const dear = /NativeModule (https|tls|crypto|sqlite|worker_threads|child_process|internal\/deps\/undici\/undici)$/;
    expect(builtins.filter((name: string) => dear.test(name))).toEqual([]);
  } finally {
    service.kill("SIGTERM");
    await new Promise((resolve) => service.once("exit", resolve));
  }
});
