import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { clearStorage } from "../../server-mock/blobs/file-blobs.ts";
import { ensureFirstOrganization } from "../../server-mock/first-organization.ts";
import { openDomain } from "../../server-mock/open-domain.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { dataPack, pagesPack, registerMachine, type TestPack } from "../support/test-machine.ts";
import { type Answered, callRoute, type TestService } from "../support/test-service.ts";

const MAIN = fileURLToPath(new URL("../../server-mock/main.ts", import.meta.url));
/** Within a round of five: two packs at once, the pages, the commit, the next session. */
const CALLS_BEFORE = [1, 7, 13, 19, 2, 8];

/** The service as a process that is killed without warning and started again. */
async function killable() {
  const data = join(tempFolder(), "service");
  const domain = await openDomain(data, { passwordCost: { memoryKiB: 64, passes: 1, parallelism: 1 } });
  await clearStorage(join(data, "storage"));
  const first = await ensureFirstOrganization({ domain });
  await domain.records.close();
  const running: { child?: ChildProcess; address: string; callsLeft: number } = { address: "", callsLeft: Infinity };
  const start = async () => {
    const child = spawn(process.execPath, [MAIN, "start", "--data", data, "--port", "0", "--log", "silent"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    running.child = child;
    for await (const line of createInterface(child.stdout)) {
      running.address = /^holdfast-server listening on (\S+)$/.exec(line)?.[1] ?? "";
      if (running.address !== "") return;
    }
  };
  /** The blow falls while the call after `calls` more is on its way. */
  const killAfter = (calls: number) => {
    running.callsLeft = calls;
  };
  onTestFinished(() => void running.child?.kill("SIGKILL"));
  await start();
  const call: TestService["call"] = async (name, options) => {
    const answered = callRoute(running.address, name, options);
    if (running.callsLeft-- === 0) {
      // A pack or a commit is half-way: sent, not yet answered. Its failure is looked at below.
      answered.catch(() => undefined);
      await new Promise(setImmediate);
      running.child?.kill("SIGKILL");
      if (running.child !== undefined) await once(running.child, "exit");
    }
    return await answered;
  };
  // Of a test service, a machine uses no more than this.
  const service = { data, first, call } as unknown as TestService;
  return { service, start, killAfter };
}

test("killed at any moment, the service loses nothing that it acknowledged", async () => {
  const { service, start, killAfter } = await killable();
  const machine = await registerMachine(service);
  const acknowledged: TestPack[] = [];
  const receipts = new Map<number, string>();
  for (let round = 0; round < CALLS_BEFORE.length; round++) {
    await machine.open(randomUUID());
    killAfter(CALLS_BEFORE[round] ?? 0);
    await expect(work(machine, acknowledged, receipts)).rejects.toThrow();
    await start();

    await machine.open(randomUUID());
    for (const pack of acknowledged.slice(-20)) expect((await machine.put(pack)).json.known).toBe(true);
    const { items } = (await service.call("listSnapshots", { token: machine.token, query: { limit: 500 } })).json;
    expect(items.length).toBeGreaterThanOrEqual(receipts.size);
    for (const [sequence, record] of receipts)
      expect(items.find((each: { sequence: number }) => each.sequence === sequence)?.record).toBe(record);
    const { vault, quota } = (await service.call("ownMachine", { token: machine.token })).json;
    expect(vault.sequence).toBe(items.length);
    expect(quota.usedBytes).toBeGreaterThanOrEqual(acknowledged.reduce((sum, { bytes }) => sum + bytes.length, 0));
  }
});

/** Backs up again and again until the service is gone. */
async function work(
  machine: Awaited<ReturnType<typeof registerMachine>>,
  acknowledged: TestPack[],
  receipts: Map<number, string>,
): Promise<void> {
  const put = async (pack: TestPack) => {
    const { status } = await machine.put(pack);
    if (status === 201) acknowledged.push(pack);
  };
  for (;;) {
    const data = [dataPack(machine.vault.id, 30), dataPack(machine.vault.id, 30)];
    await Promise.all(data.map(put));
    const pages = pagesPack(
      machine.vault.id,
      data.flatMap(({ chunks }) => chunks),
    );
    await put(pages);
    const record = machine.record(pages.chunks[0] as Buffer);
    const committed: Answered = await machine.commit(record);
    if (committed.status === 200)
      receipts.set(
        committed.json.sequence,
        Buffer.from(committed.json.receipt, "base64").subarray(45, 77).toString("hex"),
      );
    await machine.open();
  }
}
