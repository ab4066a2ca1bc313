import { lstatSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { PACK_KINDS } from "../../protocol/pack-format.ts";
import { verifyRecords } from "../../server-mock/domain/records/verify-records.ts";
import {
  type BackedUpMachine,
  backedUpMachine,
  openWebRestore,
  type WebRestore,
} from "../support/backed-up-machine.ts";
import { noise } from "../support/entries-to-store.ts";
import { isEmbedded } from "../support/test-engines.ts";
import { startTestService, type TestService } from "../support/test-service.ts";

const DAY_MS = 24 * 3600_000;

interface Place {
  readonly service: TestService;
  readonly machine: BackedUpMachine;
  readonly web: WebRestore;
  readonly archive: { id: string; path: string };
}

async function place(content: string | Buffer = "dear reader\n"): Promise<Place> {
  const service = await startTestService();
  const machine = await backedUpMachine(service);
  machine.write("letter.txt", content);
  const snapshot = await machine.backUp();
  const web = await openWebRestore(service, machine.id);
  const archive = await web.archive({ parts: [{ snapshot, paths: [machine.path("letter.txt")] }], format: "tar" });
  await expect.poll(async () => (await web.status(archive.id)).status).toBe("ready");
  return { service, machine, web, archive };
}

async function codeOf(response: Response): Promise<string> {
  const body = (await response.json()) as { error?: { code?: string } }; // An error, or the test fails.
  return body.error?.code ?? "none";
}

async function shownRestores({ service, machine }: Place) {
  const token = await service.logIn();
  return (await service.call("listRestores", { token, params: { machine: machine.id } })).json.items;
}

test("a link works without a log-in, several times, and its row goes from In Progress to Completed", async () => {
  const at = await place();
  const { service, web, archive } = at;
  expect((await shownRestores(at))[0]).toMatchObject({ status: "ready", source: "web", purpose: "archive" });
  const first = Buffer.from(await (await web.download(archive.path)).arrayBuffer());
  const second = Buffer.from(await (await web.download(archive.path)).arrayBuffer());
  expect(first.equals(second)).toBe(true);
  await expect.poll(async () => (await web.status(archive.id)).downloads).toBe(2);
  const [row] = await shownRestores(at);
  expect(row).toMatchObject({ status: "completed", filesRequested: 1, filesRetrieved: 1, bytes: 12, code: null });
  const { items } = (await service.call("listAudit", { token: await service.logIn("admin") })).json;
  const acts = items
    .map(({ action }: { action: string }) => action)
    .filter((each: string) => each.startsWith("restores/"));
  expect(acts.toSorted()).toEqual(["restores/archive", "restores/download", "restores/download", "restores/open"]);
  expect((await verifyRecords(service.service.domain)).troubles).toEqual([]);
});

test("another link can be had as long as the archive is there, and both stay good", async () => {
  const { service, web, archive } = await place();
  const token = await service.logIn();
  const again = (await service.call("linkArchive", { token, params: { archive: archive.id } })).json;
  expect(again.path).not.toBe(archive.path);
  for (const path of [archive.path, again.path]) expect((await web.download(path)).status).toBe(200);
});

test("a link ends when it expires, and the row of an archive that nobody fetched says so", async () => {
  const at = await place();
  const { service, web, archive } = at;
  service.clock.advance(7 * DAY_MS);
  expect(await codeOf(await web.download(archive.path))).toBe("restore/link-ended");
  const afterAMinute = async () => {
    service.clock.advance(60_000);
    return (await shownRestores(at))[0]?.status;
  };
  await expect.poll(afterAMinute).toBe("expired");
  expect((await verifyRecords(service.service.domain)).troubles).toEqual([]);
});

test("a link ends when the archive is taken back, also one that was downloaded", async () => {
  const at = await place();
  const { service, web, archive } = at;
  const params = { archive: archive.id };
  await (await web.download(archive.path)).arrayBuffer();
  expect((await service.call("cancelArchive", { token: await service.logIn(), params })).status).toBe(200);
  expect(await codeOf(await web.download(archive.path))).toBe("restore/link-ended");
});

test("a link ends with the right to the backups: a suspended user, a deleted machine", async () => {
  const { service, machine, web, archive } = await place();
  const token = await service.logIn("admin");
  const [user] = (await service.call("listUsers", { token })).json.items;
  const change = (state: string) => service.call("changeUser", { token, params: { user: user.id }, body: { state } });
  await change("suspended");
  expect(await codeOf(await web.download(archive.path))).toBe("account/suspended");
  await change("active");
  expect((await web.download(archive.path)).status).toBe(200);
  await service.call("deleteMachine", { token, params: { machine: machine.id }, body: {} });
  expect(await codeOf(await web.download(archive.path))).toBe("restore/link-ended");
});

test("a link is good for its archive and nothing else, and no other token is a link", async () => {
  const { service, web, archive } = await place();
  const link = archive.path.split("/").at(-1) ?? "";
  for (const route of ["listMachines", "ownMachine", "listSnapshots"] as const)
    expect((await service.call(route, { token: link })).code).toBe("token/invalid");
  const token = await service.logIn();
  expect(await codeOf(await web.download(`/v1/downloads/${token.padEnd(43, "x").slice(0, 43)}`))).toBe(
    "restore/link-ended",
  );
});

test("what one person opened and packed does not exist for an admin of the same organization", async () => {
  const { service, web, archive } = await place();
  const token = await service.logIn("admin");
  const entries = { token, params: { webRestore: web.id }, body: {} };
  expect((await service.call("listEntries", entries)).code).toBe("restore/missing");
  expect((await service.call("getArchive", { token, params: { archive: archive.id } })).code).toBe("restore/missing");
  expect((await service.call("linkArchive", { token, params: { archive: archive.id } })).code).toBe("restore/missing");
});

test("who goes away in the middle stops the work, and the link stays good", async () => {
  const at = await place(noise(20_000_000, 1));
  const { web, archive } = at;
  const gone = new AbortController();
  const response = await web.download(archive.path, gone.signal);
  await response.body?.getReader().read();
  gone.abort();
  const whole = Buffer.from(await (await web.download(archive.path)).arrayBuffer());
  expect(whole.length).toBeGreaterThan(20_000_000);
  await expect.poll(async () => (await web.status(archive.id)).status).toBe("completed");
});

test("however many downloads somebody begins at once, only a few run, and when they have ended there is room again", async () => {
  const at = await place(noise(24 * 1024 * 1024, 7));
  const stop = new AbortController();
  const begin = () => fetch(`${at.service.address}${at.archive.path}`, { signal: stop.signal });
  const answers = await Promise.all(Array.from({ length: 12 }, begin));
  const taken = answers.filter(({ status }) => status === 200);
  const refused = answers.filter(({ status }) => status !== 200);
  expect(taken).toHaveLength(3);
  expect(await Promise.all(refused.map(codeOf))).toEqual(Array(9).fill("restore/busy"));
  stop.abort();
  await expect.poll(async () => (await at.web.download(at.archive.path)).status).toBe(200);
});

test("many archives at once are counted in turn, and one taken back meanwhile stays so", async () => {
  const { service, machine, web, archive } = await place();
  const parts = [{ snapshot: 1, paths: [machine.path("letter.txt")] }];
  const made = await Promise.all(Array.from({ length: 8 }, () => web.archive({ parts, format: "tar" })));
  const [last] = made.slice(-1);
  await service.call("cancelArchive", { token: await service.logIn(), params: { archive: last?.id ?? "" } });
  const ends = async () => await Promise.all(made.map(async ({ id }) => (await web.status(id)).status));
  await expect.poll(ends).toEqual([...Array(7).fill("ready"), "cancelled"]);
  expect((await web.status(archive.id)).status).toBe("ready");
});

test("snapshots and paths that are not there are told before or while files are counted", async () => {
  const { service, machine, web } = await place();
  const parts = (snapshot: number, path: string) => ({ parts: [{ snapshot, paths: [path] }] });
  expect((await web.call("createArchive", parts(9, "/"))).code).toBe("snapshot/missing");
  const { id } = await web.archive(parts(1, machine.path("nothing")));
  await expect.poll(() => web.status(id)).toMatchObject({ status: "failed", code: "entry/missing" });
  expect((await verifyRecords(service.service.domain)).troubles).toEqual([]);
});

test("what a process left uncounted is counted by the next one that is asked", async () => {
  const { service, machine, web } = await place();
  const { id } = await web.archive({ parts: [{ snapshot: 1, paths: [machine.path()] }] });
  await expect.poll(async () => (await web.status(id)).status).toBe("ready");
  // As if the process had ended while it counted.
  await service.service.domain.records.restores.change(id, { status: "running", finishedAt: null });
  await service.restart();
  service.clock.advance(60_000);
  await expect.poll(async () => (await web.status(id)).status).toBe("ready");
});

test.runIf(isEmbedded())("what the storage has lost is left out of the archive and named in its row", async () => {
  const at = await place(noise(300_000, 1));
  const { service, machine, web, archive } = at;
  const packs = join(service.data, "storage", "packs");
  for (const name of readdirSync(packs, { recursive: true, encoding: "utf8" })) {
    const path = join(packs, name);
    const isData = lstatSync(path).isFile() && readFileSync(path)[5] === PACK_KINDS.data;
    if (isData) rmSync(path);
  }
  const bytes = Buffer.from(await (await web.download(archive.path)).arrayBuffer());
  expect(bytes.includes("letter.txt")).toBe(false);
  await expect
    .poll(() => web.status(archive.id))
    .toMatchObject({
      status: "incomplete",
      code: "chunk/lost",
      filesRequested: 1,
      filesRetrieved: 0,
      problemCount: 1,
      problems: [{ path: machine.path("letter.txt"), code: "chunk/lost" }],
    });
});
