/** Orders that run without anybody at the machine being asked: only into folders approved there, only in the right of whoever ordered, and no key leaves the service. */
import {
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { approveRoot } from "../../agent/approve-roots.ts";
import { keyFilePath, readKeyFile } from "../../agent/keys/key-file.ts";
import { runOrders } from "../../agent/own-orders.ts";
import { verifyRecords } from "../../server-mock/domain/records/verify-records.ts";
import { type BackedUpMachine, backedUpMachine } from "../support/backed-up-machine.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { startTestService, type TestService } from "../support/test-service.ts";

interface Place {
  readonly service: TestService;
  readonly machine: BackedUpMachine;
  readonly token: string;
  readonly approved: string;
}

async function place(options: { passphrase?: string; isApproved?: boolean } = {}): Promise<Place> {
  const service = await startTestService();
  const machine = await backedUpMachine(service, options);
  machine.write("docs/letter.txt", "first");
  machine.write("docs/big", Buffer.concat([Buffer.alloc(300_000, 7), Buffer.alloc(2_000_000), Buffer.alloc(1000, 9)]));
  linkSync(machine.path("docs/letter.txt"), machine.path("docs/other name.txt"));
  symlinkSync("letter.txt", machine.path("docs/link"));
  utimesSync(machine.path("docs/letter.txt"), 1_600_000_000, 1_600_000_000);
  await machine.backUp({ hours: 1 });
  const approved = tempFolder();
  if (options.isApproved ?? true) await approveRoot(machine.data, approved);
  return { service, machine, token: await service.logIn(), approved };
}

const order = async ({ service, machine, token, approved }: Place, more: object = {}): Promise<string> => {
  const body = { snapshot: 1, paths: [machine.path("docs")], target: { kind: "folder", path: approved }, ...more };
  const { status, json } = await service.call("orderRestore", { token, params: { machine: machine.id }, body });
  expect(status).toBe(200);
  return json.id;
};

const shown = async ({ service, machine, token }: Place) =>
  (await service.call("listRestoreOrders", { token, params: { machine: machine.id } })).json.items;

const run = ({ machine }: Place) => runOrders({ dataFolder: machine.data });

const below = (folder: string) => readdirSync(folder, { recursive: true, encoding: "utf8" });

test("an order into an approved folder runs unasked, as it was: times, links, names, and ends in its row of Restores", async () => {
  const usual = await place();
  const { service, machine, token, approved } = usual;
  const id = await order(usual, { target: { kind: "folder", path: join(approved, "back", "again") } });
  const outcomes = await run(usual);
  expect(outcomes).toMatchObject([
    { kind: "done", order: { id }, report: { result: "completed", filesRetrieved: 3, filesRequested: 3, others: 1 } },
  ]);
  const back = join(approved, "back", "again", machine.source, "docs");
  expect(readFileSync(join(back, "letter.txt"), "utf8")).toBe("first");
  expect(statSync(join(back, "letter.txt")).mtimeMs).toBe(1_600_000_000_000);
  expect(statSync(join(back, "letter.txt")).ino).toBe(statSync(join(back, "other name.txt")).ino);
  expect(readFileSync(join(back, "big"))).toEqual(readFileSync(machine.path("docs/big")));
  expect(statSync(join(back, "big")).blocks * 512).toBeLessThan(1_000_000);
  const rows = (await service.call("listRestores", { token, params: { machine: machine.id } })).json.items;
  expect(rows).toMatchObject([{ id, source: "web", purpose: "order", status: "completed", filesRetrieved: 3 }]);
  expect((await verifyRecords(service.service.domain)).troubles).toEqual([]);
  const audit = (await service.call("listAudit", { token: await service.logIn("admin") })).json.items;
  expect(audit).toContainEqual(
    expect.objectContaining({ action: "restores/take-order", actor: service.first.user.email }),
  );
  expect(await run(usual)).toEqual([]);
});

test("what is there already is never replaced: it is kept, or what comes stands beside it", async () => {
  const usual = await place();
  const { machine, approved } = usual;
  const there = join(approved, machine.source, "docs", "letter.txt");
  mkdirSync(join(there, ".."), { recursive: true });
  writeFileSync(there, "mine");
  await order(usual, { existing: "keep", paths: [machine.path("docs/letter.txt")] });
  expect(await run(usual)).toMatchObject([{ kind: "done", report: { kept: 1, filesRetrieved: 0 } }]);
  await order(usual, { existing: "rename", paths: [machine.path("docs/letter.txt")] });
  expect(await run(usual)).toMatchObject([{ kind: "done", report: { kept: 0, filesRetrieved: 1 } }]);
  expect(readFileSync(there, "utf8")).toBe("mine");
  expect(readFileSync(there.replace(".txt", " (restored 1).txt"), "utf8")).toBe("first");
});

test("an order to where it was runs when that is approved, and puts back what is gone", async () => {
  const at = await place({ isApproved: false });
  await approveRoot(at.machine.data, at.machine.source);
  rmSync(at.machine.path("docs/letter.txt"));
  await order(at, { target: { kind: "original" }, existing: "keep" });
  expect(await run(at)).toMatchObject([{ kind: "done", report: { result: "completed" } }]);
  expect(readFileSync(at.machine.path("docs/letter.txt"), "utf8")).toBe("first");
});

test("what may not run unasked waits for somebody there, and whoever ordered sees why", async () => {
  const at = await place({ isApproved: false });
  const sees = async (because: string, more: object = {}) => {
    const id = await order(at, more);
    expect(await run(at)).toMatchObject([{ kind: "waits", because }]);
    expect((await shown(at))[0]).toMatchObject({ id, state: "waiting", note: because, unasked: false });
    await at.service.call("cancelRestoreOrder", { token: at.token, params: { order: id } });
  };
  await sees("nothing-approved");
  await approveRoot(at.machine.data, at.approved);
  await sees("not-approved", { target: { kind: "folder", path: tempFolder() } });
  await sees("not-approved", { target: { kind: "original" } });
  await sees("replaces", { existing: "overwrite" });
  expect(below(at.approved)).toEqual([]);
});

test("what was cut off is taken again; what a person has begun is left alone, and what has ended stays so", async () => {
  const at = await place();
  const id = await order(at);
  const token = (await readKeyFile(keyFilePath(at.machine.data)))?.token;
  const take = () => at.service.call("takeOrderedFiles", { token, params: { order: id } });
  expect((await take()).status).toBe(200);
  expect(await shown(at)).toMatchObject([{ id, state: "taken", unasked: true }]);
  expect(await run(at)).toMatchObject([{ kind: "done", report: { result: "completed" } }]);
  expect((await take()).code).toBe("restore/order-begun");

  const second = await order(at);
  const body = { source: "cli", order: second };
  await at.service.call("openRestore", { token: at.token, params: { machine: at.machine.id }, body });
  expect(await run(at)).toMatchObject([{ kind: "taken", order: { id: second } }]);
  expect((await at.service.call("takeOrderedFiles", { token, params: { order: second } })).code).toBe(
    "restore/order-begun",
  );
});

test("the service hands nothing over for backups under a passphrase, or when whoever ordered may not any more", async () => {
  const own = await place({ passphrase: "correct horse battery" });
  const take = async ({ service, machine }: Place, id: string) => {
    const token = (await readKeyFile(keyFilePath(machine.data)))?.token;
    return await service.call("takeOrderedFiles", { token, params: { order: id } });
  };
  expect((await take(own, await order(own))).code).toBe("restore/key-is-yours");
  expect(await run(own)).toMatchObject([{ kind: "waits", because: "own-key" }]);

  const at = await place();
  const admin = await at.service.logIn("admin");
  const first = await order({ ...at, token: admin });
  const { records } = at.service.service.domain;
  const account = await records.accounts.findByLogin(at.service.first.admin.email);
  await records.accounts.change(account?.id ?? "", { state: "suspended" });
  expect((await take(at, first)).code).toBe("restore/order-void");
  expect((await shown(at))[0]).toMatchObject({ id: first, state: "done", status: "failed" });
  expect(below(at.approved)).toEqual([]);
});
