import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folderBytes } from "./measure.ts";
import { runCommand } from "./run-command.ts";
import { freePort, Service } from "./service.ts";

const node = (script: string) => [process.execPath, "-e", script] as const;
const BURN = "const end = process.cpuUsage().user + 3e5; while (process.cpuUsage().user < end);";

test.skipIf(process.platform !== "linux")("a command's costs are its own, its children's included", async () => {
  const children = `require("node:child_process").execFileSync(process.execPath, ["-e", ${JSON.stringify(BURN)}])`;
  const cost = await runCommand({ argv: node(`${children}; console.log("done")`) });
  expect(cost.output).toBe("done\n");
  expect(cost.cpuSeconds).toBeGreaterThan(0.29);
  expect(cost.wallSeconds).toBeGreaterThan(0.29);
  expect(cost.peakBytes).toBeGreaterThan(2 ** 24);
});

test("a command that fails or is not there is an error that shows its output", async () => {
  await expect(runCommand({ argv: node('console.error("no room"); process.exit(4)') })).rejects.toThrow(
    /ended with 4:\nno room/,
  );
  await expect(runCommand({ argv: ["no-such-program-anywhere"] })).rejects.toThrow(/ENOENT/);
});

test.skipIf(process.platform !== "linux")(
  "a service is ready when it takes connections, counted, and stopped",
  async () => {
    const port = await freePort();
    const argv = node(`${BURN} require("node:http").createServer().listen(${port}, "127.0.0.1")`);
    const service = await Service.start({ argv }, port);
    expect(service.cpuSeconds()).toBeGreaterThan(0.25);
    expect(service.peakBytes()).toBeGreaterThan(2 ** 24);
    await service[Symbol.asyncDispose]();
    await expect(fetch(`http://127.0.0.1:${port}`)).rejects.toThrow();
  },
);

test("a service that does not start is an error", async () => {
  await expect(Service.start({ argv: node("process.exit(1)") }, await freePort())).rejects.toThrow(/does not serve/);
});

test("a folder's bytes are those of its files, without those that don't count", () => {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-bytes-"));
  writeFileSync(join(folder, "records.db"), "12345");
  writeFileSync(join(folder, "records.db-wal"), "1234567");
  expect(folderBytes(folder)).toBe(12);
  expect(folderBytes(folder, (path) => !path.endsWith("-wal"))).toBe(5);
  rmSync(folder, { recursive: true });
});
