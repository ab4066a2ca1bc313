import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findOrder, openVault, restore } from "../../agent/index.ts";
import { listOrders, refuseOrder } from "../../agent/own-records.ts";
import { verifyRecords } from "../../server-mock/domain/records/verify-records.ts";
import { type BackedUpMachine, backedUpMachine } from "../support/backed-up-machine.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { startTestService, type TestService } from "../support/test-service.ts";

interface Place {
  readonly service: TestService;
  readonly machine: BackedUpMachine;
  readonly token: string;
}

async function place(options: { passphrase?: string } = {}): Promise<Place> {
  const service = await startTestService();
  const machine = await backedUpMachine(service, options);
  machine.write("100% käse.txt", "first");
  await machine.backUp({ hours: 1 });
  return { service, machine, token: await service.logIn() };
}

const order = ({ service, machine, token }: Place, more: object = {}) => {
  const path = machine.path("100%25 käse.txt");
  const body = { snapshot: 1, paths: [path], target: { kind: "original" }, ...more };
  return service.call("orderRestore", { token, params: { machine: machine.id }, body });
};

const shown = async ({ service, machine, token }: Place) =>
  (await service.call("listRestoreOrders", { token, params: { machine: machine.id } })).json.items;

const rows = async ({ service, machine, token }: Place) =>
  (await service.call("listRestores", { token, params: { machine: machine.id } })).json.items;

const waiting = ({ machine }: Place) => Array.fromAsync(listOrders({ dataFolder: machine.data }));

/** As `holdfast restore --order` does. */
async function run({ service, machine }: Place, id: string, passphrase?: string) {
  const { order: wish, paths, target } = await findOrder(machine.data, id);
  const { email, password } = service.first.user;
  await using vault = await openVault({
    address: { url: service.address },
    email,
    password,
    machine: machine.id,
    source: "cli",
    purpose: "restore",
    order: id,
    ...(passphrase === undefined ? {} : { passphrase: async () => passphrase }),
  });
  const snapshot = await vault.openSnapshot(wish.snapshot);
  return await restore(vault, snapshot, { paths, target, existing: wish.existing, useNumericOwners: false });
}

test("an order waits for its machine, is run there with the passphrase, and ends in its own row of Restores", async () => {
  const at = await place({ passphrase: "correct horse battery" });
  const { service, machine } = at;
  const folder = tempFolder();
  const ordered = await order(at, { target: { kind: "folder", path: folder } });
  expect(ordered.json).toMatchObject({
    state: "waiting",
    status: "ordered",
    command: `holdfast restore --order ${ordered.json.id}`,
  });
  expect(await waiting(at)).toMatchObject([{ id: ordered.json.id, requestedBy: service.first.user.email }]);
  expect(await rows(at)).toMatchObject([{ id: ordered.json.id, source: "web", purpose: "order", status: "ordered" }]);
  const report = await run(at, ordered.json.id, "correct horse battery");
  expect(report).toMatchObject({ result: "completed", filesRetrieved: 1 });
  expect(readFileSync(join(folder, machine.source, "100% käse.txt"), "utf8")).toBe("first");
  expect(await rows(at)).toMatchObject([
    { id: ordered.json.id, source: "web", status: "completed", filesRetrieved: 1 },
  ]);
  expect(await shown(at)).toMatchObject([{ state: "done" }]);
  expect(await waiting(at)).toEqual([]);
  expect((await verifyRecords(service.service.domain)).troubles).toEqual([]);
  await expect(findOrder(machine.data, ordered.json.id)).rejects.toMatchObject({ code: "restore/missing" });
});

test("an order for the original place puts the file back where it was", async () => {
  const at = await place();
  rmSync(at.machine.path("100% käse.txt"));
  const { id } = (await order(at)).json;
  await run(at, id);
  expect(readFileSync(at.machine.path("100% käse.txt"), "utf8")).toBe("first");
});

test("an order can be taken back until somebody begins it, and is not begun twice", async () => {
  const at = await place();
  const { service, token } = at;
  const cancel = (id: string) => service.call("cancelRestoreOrder", { token, params: { order: id } });
  const first = (await order(at)).json.id;
  expect((await cancel(first)).status).toBe(200);
  expect(await shown(at)).toMatchObject([{ state: "cancelled", status: "cancelled" }]);
  await expect(run(at, first)).rejects.toMatchObject({ code: "restore/missing" });
  const second = (await order(at)).json.id;
  await run(at, second);
  expect((await cancel(second)).code).toBe("restore/order-begun");
  const body = { source: "cli", order: second };
  const again = await service.call("openRestore", { token, params: { machine: at.machine.id }, body });
  expect(again.code).toBe("restore/order-begun");
});

test("whoever sits at the machine can refuse an order, and whoever ordered it sees that", async () => {
  const at = await place();
  const { id } = (await order(at)).json;
  await refuseOrder({ dataFolder: at.machine.data }, id);
  expect(await shown(at)).toMatchObject([{ state: "refused" }]);
  expect(await rows(at)).toMatchObject([{ status: "cancelled", code: "restore/order-refused" }]);
});

test("an order that nobody begins expires after two weeks", async () => {
  const at = await place();
  await order(at);
  at.service.clock.advance(14 * 24 * 3600_000);
  const token = await at.service.logIn();
  const afterAMinute = async () => {
    at.service.clock.advance(60_000);
    return (await rows({ ...at, token }))[0]?.status;
  };
  await expect.poll(afterAMinute).toBe("expired");
  expect(await shown({ ...at, token })).toMatchObject([{ state: "expired" }]);
});

test("an admin orders for a user's machine; the user sees it, and can take it back", async () => {
  const at = await place();
  const { service, machine, token } = at;
  const admin = await service.logIn("admin");
  const { id } = (await order({ ...at, token: admin })).json;
  expect(await shown(at)).toMatchObject([{ id, requestedBy: service.first.admin.email, state: "waiting" }]);
  expect((await service.call("cancelRestoreOrder", { token, params: { order: id } })).status).toBe(200);
  const { items } = (await service.call("listAudit", { token: admin })).json;
  const acts = items.map(({ action, actor }: { action: string; actor: string }) => `${action} by ${actor}`);
  expect(acts).toContain(`restores/order by ${service.first.admin.email}`);
  expect(acts).toContain(`restores/cancel-order by ${service.first.user.email}`);
  expect(
    (
      await service.call("orderRestore", {
        token,
        params: { machine: machine.id },
        body: { snapshot: 9, paths: ["/"], target: { kind: "original" } },
      })
    ).code,
  ).toBe("snapshot/missing");
});
