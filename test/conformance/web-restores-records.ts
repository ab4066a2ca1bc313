/** What every implementation of `Records` promises about restores in the browser. */
import { describe, expect, test } from "vitest";
import type { Records } from "../../server-mock/records/records.ts";
import type { WebRestoreRow } from "../../server-mock/records/restores.ts";
import type { RestoreRow } from "../../server-mock/records/rows.ts";
import { fillRecords } from "../support/rows.ts";

export function webRestoresConformance(name: string, make: () => Promise<Records>): void {
  const restore = (id: string, more: Partial<RestoreRow> = {}): RestoreRow => ({
    id,
    organization: "o1",
    machine: "m1",
    requestedBy: "u1@example.com",
    source: "web",
    purpose: "order",
    requestedAt: 1,
    finishedAt: null,
    expiresAt: 100,
    filesRequested: null,
    filesRetrieved: 0,
    bytes: 0,
    status: "ordered",
    code: null,
    ...more,
  });
  const row = (id: string, more: Partial<WebRestoreRow> = {}): WebRestoreRow => ({
    restore: id,
    kind: "order",
    account: "u1",
    machine: "m1",
    wish: "sealed",
    bytesRequested: null,
    downloads: 0,
    problems: "[]",
    problemCount: 0,
    heardAt: 1,
    note: null,
    ...more,
  });

  describe(`${name} keeps restores in the browser`, () => {
    test("orders of a machine are listed newest first, page by page, and open ones by themselves", async () => {
      const records = await fillRecords(await make());
      for (const [id, status] of [
        ["r1", "completed"],
        ["r2", "running"],
        ["r3", "ordered"],
      ] as const) {
        await records.restores.insert(restore(id, { status }));
        await records.webRestores.insert(row(id));
      }
      await records.restores.insert(restore("r4", { machine: "m2" }));
      await records.webRestores.insert(row("r4", { machine: "m2" }));
      await records.restores.insert(restore("r5"));
      await records.webRestores.insert(row("r5", { kind: "archive" }));
      const ids = async (which: "all" | "open", after?: string) =>
        (await records.webRestores.listOrders("m1", { limit: 2, after }, which)).map(({ id }) => id);
      expect(await ids("all")).toEqual(["r3", "r2"]);
      expect(await ids("all", "r2")).toEqual(["r1"]);
      expect([...(await ids("open")), ...(await ids("open", "r2"))]).toEqual(["r3", "r2"]);
    });

    test("what has not ended by its time is found, whichever state it waits in", async () => {
      const records = await fillRecords(await make());
      for (const status of ["ordered", "running", "ready", "completed", "expired"] as const)
        await records.restores.insert(restore(status, { status }));
      await records.restores.insert(restore("later", { expiresAt: 101 }));
      expect((await records.restores.listExpired(100)).map(({ id }) => id).sort()).toEqual([
        "ordered",
        "ready",
        "running",
      ]);
    });

    test("of a purged machine what was wanted is forgotten", async () => {
      const records = await fillRecords(await make());
      await records.restores.insert(restore("r1"));
      await records.webRestores.insert(row("r1", { problems: '[{"path":"/secret"}]' }));
      await records.webRestores.change("r1", { downloads: 3 });
      await records.webRestores.forgetOf("m1");
      expect(await records.webRestores.find("r1")).toEqual(row("r1", { downloads: 3, wish: null }));
    });
  });
}
