import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openSqlite } from "../../../base/sqlite.ts";
import { spacePlace } from "../../../test/support/space-place.ts";
import { makePack, pagesPack } from "../../../test/support/test-machine.ts";
import { packName } from "../../blobs/blobs.ts";
import { emptyTrash, purgeVault, unpurgeVault } from "./trash.ts";

const HOUR_MS = 3600 * 1000;
const DAY_MS = 24 * HOUR_MS;

const ids = (count: number): Buffer[] => Array.from({ length: count }, () => randomBytes(32));
const hex = (all: readonly Buffer[]): string[] => all.map((id) => id.toString("hex"));

test("what only a gone snapshot needed is condemned, a day later in the trash, a week later removed; the rest stays", async () => {
  const at = await spacePlace();
  const [old, shared, fresh] = [ids(3), ids(2), ids(2)];
  await at.machine.open();
  await at.machine.put(at.data(shared));
  await at.machine.put(at.data(old));
  const root = pagesPack(at.machine.vault.id, [...old, ...shared]);
  await at.machine.put(root);
  await at.machine.commit(at.machine.record(at.first(root)));
  await at.snapshot([...shared, ...fresh], fresh);
  await at.letGo(1);
  const used = (await at.domain.records.machines.find(at.machine.id))?.usedBytes ?? 0;

  const first = await at.collect();
  expect(first).toMatchObject({ outcome: "done", freedBytes: 0, trashedPacks: 0 });
  expect(first.condemnedBytes).toBeGreaterThan(0);
  const offered = await at.offered();
  for (const id of hex(old)) expect(offered.has(id)).toBe(false);
  for (const id of hex([...shared, ...fresh])) expect(offered.has(id)).toBe(true);
  await at.expectSound();

  at.clock.advance(23 * HOUR_MS);
  expect(await at.collect()).toMatchObject({ trashedPacks: 0 });
  at.clock.advance(2 * HOUR_MS);
  const second = await at.collect();
  expect(second.trashedPacks).toBe(2);
  expect((await at.domain.records.machines.find(at.machine.id))?.usedBytes).toBe(used - second.freedBytes);
  await at.expectSound();

  expect(await emptyTrash(at.domain)).toBe(0);
  at.clock.advance(8 * DAY_MS);
  expect(await emptyTrash(at.domain)).toBe(2);
  await at.expectSound();
  expect(await at.collect()).toMatchObject({ condemnedBytes: 0, trashedPacks: 0 });
});

test("a commit that refers to a condemned page takes it up again, with all below it", async () => {
  const at = await spacePlace();
  const deep = ids(3);
  const page = randomBytes(32);
  await at.machine.open();
  await at.machine.put(at.data(deep));
  await at.machine.put(makePack(at.machine.vault.id, [{ id: page, links: deep }], "pages"));
  const root = pagesPack(at.machine.vault.id, [page]);
  await at.machine.put(root);
  expect((await at.machine.commit(at.machine.record(at.first(root)))).status).toBe(200);
  await at.snapshot(ids(1));
  await at.letGo(1);
  await at.collect();
  expect((await at.offered()).has(page.toString("hex"))).toBe(false);

  // An agent that knows the page of old sends nothing but a new root.
  await at.snapshot([page], []);
  const offered = await at.offered();
  for (const id of hex([page, ...deep])) expect(offered.has(id)).toBe(true);
  at.clock.advance(3 * DAY_MS);
  await at.collect();
  at.clock.advance(3 * DAY_MS);
  await at.collect();
  at.clock.advance(9 * DAY_MS);
  await emptyTrash(at.domain);
  await at.expectSound();
});

test("a commit that needs what was swept is told so, also below a page that is still there", async () => {
  const at = await spacePlace();
  const [deep] = [ids(2)];
  const page = randomBytes(32);
  await at.machine.open();
  await at.machine.put(at.data(deep));
  // The page lies in a pack with another that stays.
  const stays = randomBytes(32);
  await at.machine.put(makePack(at.machine.vault.id, [{ id: page, links: deep }, { id: stays }], "pages"));
  const root = pagesPack(at.machine.vault.id, [page, stays]);
  await at.machine.put(root);
  await at.machine.commit(at.machine.record(at.first(root)));
  await at.snapshot([stays], []);
  await at.letGo(1);
  await at.collect();
  at.clock.advance(2 * DAY_MS);
  expect((await at.collect()).trashedPacks).toBeGreaterThan(0);
  const refused = await at.tryCommit([page], [], randomBytes(32));
  expect(refused.code).toBe("chunk/missing");
  await at.machine.end();
  await at.expectSound();
});

test("nothing is collected while a session is open, or for staged packs of one that was cut", async () => {
  const at = await spacePlace();
  await at.snapshot(ids(2));
  await at.snapshot(ids(2));
  await at.letGo(1);
  await at.machine.open();
  expect(await at.collect()).toMatchObject({ outcome: "busy", condemnedBytes: 0 });
  const staged = ids(2);
  await at.machine.put(at.data(staged));
  await at.machine.put(pagesPack(at.machine.vault.id, staged));
  await at.machine.end();
  expect(await at.collect()).toMatchObject({ outcome: "done" });
  const offered = await at.offered();
  for (const id of hex(staged)) expect(offered.has(id)).toBe(true);
});

test("a pack whose directory hides the links of a page can't make an older snapshot's data go", async () => {
  const at = await spacePlace();
  const data = ids(2);
  const root = await at.snapshot(data);
  // The same page again, said to refer to nothing.
  await at.snapshot([], [], root);
  await at.snapshot(ids(1));
  await at.letGo(3);
  await at.collect();
  const offered = await at.offered();
  for (const id of hex(data)) expect(offered.has(id)).toBe(true);
});

test("a collection that would free more than a fifth waits for an admin's word", async () => {
  const at = await spacePlace();
  await at.snapshot(ids(10));
  await at.snapshot(ids(1));
  await at.letGo(1);
  const held = await at.collect({ brakeBytesMin: 0 });
  expect(held).toMatchObject({ outcome: "held", condemnedBytes: 0 });
  const { heldBytes } = await at.domain.records.spaces.find(await at.number());
  expect(heldBytes).toBeGreaterThan(0);
  await at.domain.records.spaces.change(await at.number(), { confirmedBytes: heldBytes ?? 0 });
  expect(await at.collect({ brakeBytesMin: 0 })).toMatchObject({ outcome: "done" });
  expect(await at.domain.records.spaces.find(await at.number())).toMatchObject({ heldBytes: null, confirmedBytes: 0 });
});

test("a dry run tells what would go, and changes nothing", async () => {
  const at = await spacePlace();
  await at.snapshot(ids(4));
  await at.snapshot(ids(1));
  await at.letGo(1);
  const before = await at.offered();
  expect((await at.collect({ dryRun: true })).condemnedBytes).toBeGreaterThan(0);
  expect(await at.offered()).toEqual(before);
});

test("a pack in the trash that is sent again takes its place anew", async () => {
  const at = await spacePlace();
  const pack = at.data(ids(2));
  const page = pagesPack(at.machine.vault.id, pack.chunks);
  await at.machine.open();
  await at.machine.put(pack);
  await at.machine.put(page);
  await at.machine.commit(at.machine.record(at.first(page)));
  await at.snapshot(ids(1));
  await at.letGo(1);
  await at.collect();
  at.clock.advance(2 * DAY_MS);
  await at.collect();
  await at.machine.open();
  expect((await at.machine.put(pack)).json.known).toBe(false);
  expect((await at.machine.put(page)).json.known).toBe(false);
  expect((await at.machine.commit(at.machine.record(at.first(page)))).status).toBe(200);
  at.clock.advance(9 * DAY_MS);
  await emptyTrash(at.domain);
  await at.expectSound();
  const name = packName(at.machine.vault.id.toString("hex"), pack.id);
  expect(await at.domain.blobs.find(name)).toBeDefined();
});

test("a purged vault frees its room at once, can be brought back for a week, and then leaves nothing", async () => {
  const at = await spacePlace();
  await at.snapshot(ids(4));
  const { records } = at.domain;
  const vault = await records.vaults.findByNumber(await at.number());
  if (vault === undefined) throw new Error("no vault");
  const used = (await records.machines.find(at.machine.id))?.usedBytes;
  await records.transaction((stores) => purgeVault(at.domain, stores, vault));
  expect((await records.machines.find(at.machine.id))?.usedBytes).toBe(0);
  expect(await records.transaction((stores) => unpurgeVault(at.domain, stores, vault))).toBe(true);
  expect((await records.machines.find(at.machine.id))?.usedBytes).toBe(used);
  await at.expectSound();
  expect(await records.snapshots.list(vault.number, { limit: 9 })).toHaveLength(1);

  await records.transaction((stores) => purgeVault(at.domain, stores, vault));
  at.clock.advance(8 * DAY_MS);
  await emptyTrash(at.domain);
  for (const folder of ["packs", "records"])
    expect(await Array.fromAsync(at.domain.blobs.list(`${folder}/${vault.id}`))).toEqual([]);
  expect(await records.transaction((stores) => unpurgeVault(at.domain, stores, vault))).toBe(false);
});

test("rows of the first release, which don't say whose the links are, are completed from the packs", async () => {
  const at = await spacePlace();
  const [old, fresh] = [ids(2), ids(2)];
  await at.snapshot(old);
  await at.snapshot(fresh);
  const db = openSqlite(join(at.service.data, "holdfast.db"), { durability: "normal" });
  db.exec("UPDATE chunkLinks SET chunk = NULL");
  db.close();
  await at.letGo(1);
  await at.collect();
  const offered = await at.offered();
  for (const id of hex(fresh)) expect(offered.has(id)).toBe(true);
  for (const id of hex(old)) expect(offered.has(id)).toBe(false);
  await at.expectSound();
});
