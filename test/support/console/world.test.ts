import { expect, test } from "vitest";
import { startTestService } from "../test-service.ts";
import { manyMachines } from "./many-machines.ts";
import { makeWorld } from "./world.ts";

test("the console's test world has machines of every status, and every route that pages begin with answers", async () => {
  const service = await startTestService();
  const began = performance.now();
  const world = await makeWorld(service);
  if (process.env.TIMES) console.log("world", performance.now() - began);
  const token = await service.logIn("admin");
  const get = async (name: Parameters<typeof service.call>[0], query = {}, params = {}) => {
    const answered = await service.call(name, { token, query, params });
    expect([name, answered.status]).toEqual([name, 200]);
    return answered.json;
  };
  const { machines, runningBackups, alerts } = await get("overview");
  expect(machines.total).toBe(60);
  expect(machines.byStatus.map(({ status, count }: { status: string; count: number }) => [status, count])).toEqual([
    ["on-time", 45],
    ["late", 3],
    ["failing", 4],
    ["never", 2],
    ["offline", 4],
    ["suspended", 2],
  ]);
  expect([runningBackups, alerts]).toEqual([3, { open: 14, unacknowledged: 12 }]);
  expect((await get("overviewAttention")).items).toHaveLength(13);
  expect((await get("overviewStorage", { days: 90 })).days).toHaveLength(90);
  expect((await get("overviewToday")).newest).toHaveLength(10);
  for (const name of [
    "listUsers",
    "listAlerts",
    "searchRestores",
    "listAudit",
    "listProductKeys",
    "listGroups",
  ] as const)
    expect((await get(name)).items.length).toBeGreaterThan(3);
  const studio = { machine: world.machine("maria-studio").id };
  expect((await get("getMachine", {}, studio)).name).toBe("maria-studio");
  expect((await get("listMachineSnapshots", {}, studio)).items.length).toBeGreaterThan(40);
  expect((await get("machineDays", { days: 90 }, studio)).days.length).toBeGreaterThan(60);
  expect((await get("listBackups", { limit: 200 }, studio)).items.length).toBeGreaterThan(60);
});

test("a thousand machines are there in a moment", async () => {
  const service = await startTestService();
  await manyMachines(service, 1000);
  const { json } = await service.call("overview", { token: await service.logIn("admin") });
  expect(json.machines.total).toBe(1000);
});
