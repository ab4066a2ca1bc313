/** Record lists as people ask for them: filtered, sorted, in pages, as CSV, live. */
import { parse } from "csv-parse/sync";
import { expect, test } from "vitest";
import { registerMachine, type TestMachine } from "../support/test-machine.ts";
import { startTestService, type TestService } from "../support/test-service.ts";

interface World {
  readonly service: TestService;
  readonly desktop: TestMachine;
  readonly server: TestMachine;
  readonly admin: string;
}

/** Two machines: one with a successful, a failed and a running backup, the other with a cancelled one; a minute between any two. */
async function world(): Promise<World> {
  const service = await startTestService();
  const desktop = await registerMachine(service, { productKey: service.first.productKeys.desktop });
  const server = await registerMachine(service, {
    productKey: service.first.productKeys.server,
    facts: { kind: "server", name: "=nas" },
  });
  const minute = () => service.clock.advance(60_000);
  await desktop.backUp();
  minute();
  await desktop.open();
  minute();
  const problems = Array.from({ length: 5 }, (_, index) => {
    return { path: `/home/file ${index}`, code: "file/unreadable", message: "No." };
  });
  await desktop.end({ code: "quota/exceeded", message: "Full.", problems, problemCount: 5 });
  await server.open();
  minute();
  await server.end();
  await desktop.open();
  return { service, desktop, server, admin: await service.logIn("admin") };
}

type Query = Record<string, string | number>;
const search = async ({ service, admin }: World, query: Query = {}, token = admin) =>
  (await service.call("searchBackups", { token, query })).json;

const results = (list: { items: { state: string }[] }) => list.items.map(({ state }) => state);

test("backup records of all machines come newest first, with machine and user", async () => {
  const at = await world();
  const list = await search(at);
  expect(results(list)).toEqual(["running", "cancelled", "failed", "success"]);
  expect(list.items[1]).toMatchObject({ machineName: "=nas", user: at.service.first.user.email, duration: 60_000 });
  expect(list.items[0]).toMatchObject({ result: null, endedAt: null, duration: null });
});

test.each<[Query, string[]]>([
  [{ state: "failed" }, ["failed"]],
  [{ result: "Success" }, ["success"]],
  [{ type: "Scheduled" }, []],
  [{ since: "2026-11-21T12:01:00Z" }, ["running", "cancelled", "failed"]],
  [{ until: "2026-11-21T12:01:00Z" }, ["success"]],
  [{ order: "asc" }, ["success", "failed", "cancelled", "running"]],
])("backup records filtered by %j", async (query, expected) => {
  expect(results(await search(await world(), query))).toEqual(expected);
});

test("of one machine they can be sorted by every column, in pages that lead through all of them once", async () => {
  const at = await world();
  const machine = at.desktop.id;
  const sorts = ["startedAt", "endedAt", "duration", "type", "result", "files", "bytes", "filesEncoded"];
  for (const sort of [...sorts, "bytesEncoded", "filesTransferred", "bytesTransferred", "problemCount"])
    for (const order of ["asc", "desc"]) {
      const whole = (await search(at, { machine, sort, order })).items;
      const paged = [];
      for (let cursor: string | undefined; ; ) {
        const page = await search(at, { machine, sort, order, limit: 1, ...(cursor === undefined ? {} : { cursor }) });
        paged.push(...page.items);
        if (page.next === null) break;
        cursor = page.next;
      }
      expect(paged, `${sort} ${order}`).toEqual(whole);
      expect(whole).toHaveLength(3);
    }
  const byDuration = (await search(at, { machine, sort: "duration", order: "asc" })).items;
  expect(byDuration.map(({ duration }: { duration: number | null }) => duration)).toEqual([0, 60_000, null]);
});

test("what is no cursor, or one of another order, and a sort without a machine are refused", async () => {
  const { service, admin, desktop } = await world();
  const refused = async (query: Query) => (await service.call("searchBackups", { token: admin, query })).code;
  expect(await refused({ cursor: "garbage" })).toBe("request/malformed");
  expect(await refused({ sort: "files" })).toBe("request/malformed");
  const query = { machine: desktop.id, limit: 1, sort: "files" };
  const { next } = (await service.call("searchBackups", { token: admin, query })).json;
  expect(await refused({ machine: desktop.id, sort: "bytes", cursor: next })).toBe("request/malformed");
  expect(await refused({ state: "odd" })).toBe("request/malformed");
});

test("a running backup shows its numbers as they grow", async () => {
  const at = await world();
  const [{ id }] = (await search(at, { state: "running" })).items;
  const counters = {
    files: 7,
    bytes: 70,
    filesEncoded: 2,
    bytesEncoded: 20,
    filesTransferred: 1,
    bytesTransferred: 10,
  };
  const { token, session } = at.desktop;
  const params = { session: session.session };
  await at.service.call("progressSession", { token, params, body: { fence: session.fence, counters } });
  const live = (await at.service.call("getBackup", { token: at.admin, params: { backup: id } })).json;
  expect(live).toMatchObject({ state: "running", ...counters });
});

test("the files that had trouble are listed in pages, with code and sentence", async () => {
  const at = await world();
  const [{ id, problemCount }] = (await search(at, { state: "failed" })).items;
  expect(problemCount).toBe(5);
  const page = async (query: Query) =>
    (await at.service.call("listProblems", { token: at.admin, params: { backup: id }, query })).json;
  const first = await page({ limit: 3 });
  expect(first.items).toHaveLength(3);
  expect((await page({ limit: 3, cursor: first.next })).items).toMatchObject([
    { path: "/home/file 3" },
    { path: "/home/file 4" },
  ]);
  expect((await page({ limit: 5 })).next).toBeNull();
});

test("an export has the list's rows, with formulas as text", async () => {
  const at = await world();
  const { bytes, headers } = await at.service.call("exportBackups", { token: at.admin, query: { order: "asc" } });
  expect(headers.get("content-type")).toContain("text/csv");
  const rows = parse(bytes, { bom: true, columns: true }) as Record<string, string>[];
  expect(rows.map((row) => row.Result)).toEqual(["Success", "quota/exceeded", "backup/cancelled", "In Progress"]);
  expect(rows[2]).toMatchObject({ Machine: "'=nas", "Duration (s)": "60" });
});

test("restores of all machines are listed and exported with their source", async () => {
  const { service, admin, desktop } = await world();
  const token = await service.logIn();
  const restore = (
    await service.call("openRestore", { token, params: { machine: desktop.id }, body: { source: "cli" } })
  ).json;
  const done = { filesRequested: 4, filesRetrieved: 4, bytes: 50, status: "completed" };
  await service.call("progressRestore", { token: restore.token, body: done });
  const list = (await service.call("searchRestores", { token: admin, query: { status: "completed" } })).json;
  expect(list.items).toMatchObject([{ source: "cli", filesRetrieved: 4, user: service.first.user.email }]);
  expect((await service.call("searchRestores", { token: admin, query: { source: "web" } })).json.items).toEqual([]);
  const { bytes } = await service.call("exportRestores", { token: admin });
  expect(parse(bytes, { bom: true, columns: true })).toMatchObject([
    { "Files Retrieved": "4 / 4", Status: "Completed" },
  ]);
});

test("the audit list is filtered by who, what and when, and exported", async () => {
  const { service, admin } = await world();
  const rows = async (query: Query) => (await service.call("listAudit", { token: admin, query })).json.items;
  const actions = new Set((await rows({ action: "machines" })).map(({ action }: { action: string }) => action));
  expect([...actions]).toEqual(["machines/register"]);
  expect(await rows({ action: "machines/reg" })).toEqual([]);
  for (const { actor } of await rows({ actor: service.first.admin.email }))
    expect(actor).toBe(service.first.admin.email);
  expect(await rows({ since: "2026-11-21T13:00:00Z" })).toEqual([]);
  const { bytes } = await service.call("exportAudit", { token: admin, query: { action: "machines" } });
  expect(parse(bytes, { bom: true, columns: true })).toHaveLength(2);
});

test("a user sees the records of own machines only", async () => {
  const at = await world();
  const body = { email: "other@example.com", name: "Other", password: "a long password" };
  await at.service.call("createUser", { token: at.admin, body });
  const other = (await at.service.call("login", { body: { email: body.email, password: body.password } })).json.token;
  expect((await search(at, {}, other)).items).toEqual([]);
  expect((await search(at, {}, await at.service.logIn())).items).toHaveLength(4);
  const [{ id }] = (await search(at)).items;
  expect((await at.service.call("getBackup", { token: other, params: { backup: id } })).code).toBe("record/missing");
  expect((await at.service.call("listAudit", { token: other })).status).toBe(403);
});
