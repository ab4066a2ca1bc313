/** The agent in one file, where there is no Node, no checkout and no library of ours: it registers, backs up, watches, restores, verifies and renews itself. */
import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, cpSync, createReadStream, mkdirSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { signingKey } from "../../base/signing.ts";
import { describeFile, signManifest } from "../../scripts/sign-update.ts";
import { buildSingle } from "../../scripts/single.ts";
import { putUpdate } from "../../server-mock/domain/updates/updates.ts";
import { noise } from "../support/make-tree.ts";
import { treeDifferences } from "../support/same-tree.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { startTestService } from "../support/test-service.ts";

const SEED = Buffer.alloc(32, 9);
const PUBLISHER = signingKey(SEED);

test("one file does all that the agent does, with threads, on a machine without Node", async () => {
  const service = await startTestService();
  const top = tempFolder();
  const program = join(top, "bin", "holdfast");
  await buildSingle(program, { keys: [PUBLISHER.publicKey.toString("hex")] });
  expect(statSync(program).size).toBeLessThan(160e6);
  // Elsewhere than where it was built, and nothing else beside it.
  const place = join(top, "other machine");
  mkdirSync(place);
  cpSync(program, join(place, "holdfast"));
  chmodSync(join(place, "holdfast"), 0o755);
  const { email, password } = service.first.user;
  const env = {
    PATH: join(place, "nothing"),
    HOME: place,
    TZ: "UTC",
    HOLDFAST_HOME: join(place, "data"),
    HOLDFAST_PASSWORD: password,
  };
  const start = (...words: readonly string[]) =>
    spawn(join(place, "holdfast"), words, { env, cwd: place, stdio: ["ignore", "pipe", "pipe"] });
  const run = async (...words: readonly string[]) => {
    const { code, stdout, stderr } = await ended(start(...words));
    expect(`${code} ${stderr}`, words.join(" ")).toMatch(/^0 /);
    return stdout;
  };

  expect(await run("--version")).toMatch(/^\d+\.\d+\.\d+\n$/);
  const key = service.first.productKeys.server;
  await run("register", "--service", service.address, "--key", key, "--kind", "server");
  const files = join(place, "files");
  mkdirSync(join(files, "below"), { recursive: true });
  for (let each = 0; each < 50; each++) writeFileSync(join(files, "below", `${each}`), noise(3000, each + 1));
  writeFileSync(join(files, "large"), noise(5_000_000));
  expect(JSON.parse(await run("backup", files, "--json"))).toMatchObject({ snapshot: 1, problemCount: 0 });
  await run("restore", "--to", join(place, "back"), "--email", email);
  expect(treeDifferences(files, join(place, "back", files))).toEqual([]);
  expect(JSON.parse(await run("verify", "--read-data", "--json", "--email", email))).toMatchObject({
    isDataRead: true,
  });
  await run("settings", "set", "warning-days", "5");
  // The unit starts the file itself.
  expect(JSON.parse(await run("install-service", "--user", "--print", "--json")).text).toContain(
    `ExecStart="${join(place, "holdfast")}" run --quiet --data `,
  );

  const agent = start("run", "--json");
  onTestFinished(() => void agent.kill("SIGKILL"));
  let said = "";
  agent.stdout?.on("data", (piece) => {
    said += piece;
  });
  await lineWith(agent, '"watch.ready"');
  writeFileSync(join(files, "below", "7"), "changed");
  // The watching agent may have been first.
  expect(JSON.parse(await run("backup", "--json")).snapshot).toBeGreaterThan(1);
  // Its watching thread, too, has all that it needs.
  expect(said).not.toContain('"watch.gap"');
  agent.kill("SIGTERM");
  expect((await ended(agent)).code).toBe(130);

  // A newer version, as far as anybody can tell from outside.
  const newer = join(top, "newer");
  writeFileSync(newer, "#!/bin/sh\necho 99.0.0\n");
  const bytes = signManifest(
    {
      version: "99.0.0",
      serial: 1,
      madeAt: "2026-11-01T00:00:00.000Z",
      expiresAt: "2099-01-01T00:00:00.000Z",
      minimum: null,
      files: [describeFile(`${process.platform}-${process.arch}`, newer)],
    },
    SEED,
  );
  const sizeBytes = statSync(newer).size;
  const sha256 = describeFile("any-any", newer).sha256;
  const given = [{ name: "newer", sha256, sizeBytes, open: () => createReadStream(newer) }];
  await putUpdate(service.service.domain, { actor: "operator" }, bytes, given);
  await run("settings", "set", "auto-update", "off");
  expect(JSON.parse(await run("update", "--json"))).toEqual({ kind: "off" });
  await run("settings", "set", "auto-update", "on");
  expect(JSON.parse(await run("update", "--json"))).toEqual({ kind: "placed", version: "99.0.0" });
  expect(await run("--version")).toBe("99.0.0\n");
  // And back.
  renameSync(join(place, "holdfast.previous"), join(place, "holdfast"));
  expect(await run("status")).toContain("snapshot");
});

function ended(child: ChildProcess): Promise<{ code: number | null; stdout: string; stderr: string }> {
  let [stdout, stderr] = ["", ""];
  child.stdout?.setEncoding("utf8").on("data", (piece: string) => {
    stdout += piece;
  });
  child.stderr?.setEncoding("utf8").on("data", (piece: string) => {
    stderr += piece;
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}

function lineWith(child: ChildProcess, words: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = "";
    child.stdout?.on("data", (piece) => {
      text += piece;
      if (text.includes(words)) resolve();
    });
    child.on("close", () => reject(new Error(`it ended before ${words}: ${text}`)));
  });
}
