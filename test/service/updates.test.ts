/** New versions of the agent: the operator puts them, the service hands them on, machines believe only whom they trust. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { sha256 } from "../../base/digest.ts";
import { signingKey } from "../../base/signing.ts";
import { describeFile, signManifest } from "../../scripts/sign-update.ts";
import { putUpdate } from "../../server-mock/domain/updates/updates.ts";
import { cli } from "../support/run-cli.ts";
import { server } from "../support/run-program.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { startTestService } from "../support/test-service.ts";

const SEED = Buffer.alloc(32, 3);

test("an operator's update reaches machines whole; older ones and files that differ are not taken", async () => {
  const service = await startTestService();
  const top = tempFolder();
  const file = join(top, "holdfast");
  writeFileSync(file, "a new program");
  const platform = `${process.platform}-${process.arch}`;
  const sign = (serial: number, version: string, seed = SEED) => {
    const times = { madeAt: "2026-11-01T00:00:00.000Z", expiresAt: "2099-01-01T00:00:00.000Z" };
    const path = join(top, `manifest-${serial}`);
    writeFileSync(
      path,
      signManifest({ version, serial, ...times, minimum: null, files: [describeFile(platform, file)] }, seed),
    );
    return path;
  };
  const put = (manifest: string, ...files: string[]) =>
    server(["updates", "put", manifest, ...files, "--data", service.data]);

  const machine = cli(join(top, "agent"));
  const key = service.first.productKeys.server;
  await machine.run("register", "--service", service.address, "--key", key, "--kind", "server");
  const { token } = JSON.parse(readFileSync(join(machine.data, "keys.json"), "utf8"));
  expect(await service.call("updateManifest", {})).toMatchObject({ status: 401 });
  expect(await service.call("updateManifest", { token })).toMatchObject({ status: 404, code: "update/missing" });
  expect((await put(sign(1, "9.0.0"))).stderr).toContain("holdfast for");
  expect(await put(sign(2, "9.0.0"), file)).toMatchObject({ code: 0 });
  expect((await put(sign(1, "9.1.0"), file)).stderr).toContain("serial 1 does not follow 2");

  expect((await service.call("updateManifest", { token })).bytes.equals(readFileSync(sign(2, "9.0.0")))).toBe(true);
  const digest = sha256(readFileSync(file)).toString("hex");
  expect((await service.call("updateFile", { token, params: { digest } })).bytes.toString()).toBe("a new program");
  const unknown = await service.call("updateFile", { token, params: { digest: "0".repeat(64) } });
  expect(unknown).toMatchObject({ status: 404, code: "update/missing" });

  expect((await machine.run("update")).stdout).toContain("Updates are off");
  const settingsPath = join(machine.data, "settings.json");
  const settings = JSON.parse(readFileSync(settingsPath, "utf8"));
  const trust = (seed: Buffer) => [signingKey(seed).publicKey.toString("hex")];
  writeFileSync(settingsPath, JSON.stringify({ ...settings, updateKeys: trust(Buffer.alloc(32, 4)) }));
  expect((await machine.json("update")).answer).toMatchObject({ error: { code: "update/refused" } });
  writeFileSync(settingsPath, JSON.stringify({ ...settings, updateKeys: trust(SEED) }));
  // A checkout is no single file: its person is told.
  expect((await machine.json("update")).answer).toEqual({ kind: "told", version: "9.0.0" });
  writeFileSync(settingsPath, JSON.stringify({ ...settings, updateKeys: trust(SEED), autoUpdate: false }));
  expect((await machine.json("update")).answer).toEqual({ kind: "off" });
});

test("what is no manifest is not handed out", async () => {
  const { service } = await startTestService();
  await expect(putUpdate(service.domain, { actor: "operator" }, Buffer.from("{}"), [])).rejects.toMatchObject({
    code: "update/unusable",
  });
});
