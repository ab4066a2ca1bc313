import { expect, test } from "vitest";
import { signingKey } from "../../base/signing.ts";
import { recordHash, type SnapshotRecord } from "../../protocol/snapshot-record.ts";
import { fileEntry, folderEntry } from "../../test/support/entries-to-store.ts";
import { MemoryVault } from "../../test/support/memory-vault.ts";
import { deriveVaultKeys, signerProof } from "../keys/vault-keys.ts";

const tree = [folderEntry("a"), fileEntry("a/b", "hello")];

async function threeSnapshots(alter: (record: SnapshotRecord) => SnapshotRecord = (record) => record) {
  const memory = new MemoryVault();
  await memory.addSnapshot(tree);
  await memory.addSnapshot([...tree, fileEntry("a/c", "more")], { alter });
  await memory.addSnapshot(tree);
  return memory;
}

test("snapshots are listed newest first and opened with what they say about themselves", async () => {
  await using vault = (await threeSnapshots()).open();
  expect((await vault.snapshots()).map(({ sequence }) => sequence)).toEqual([3, 2, 1]);
  const snapshot = await vault.openSnapshot(2);
  expect(snapshot.body).toMatchObject({ files: 2, folders: 1, bytes: 9 });
  expect(snapshot.record.sequence).toBe(2);
});

test("a date means the latest snapshot that the service had received by then", async () => {
  await using vault = (await threeSnapshots()).open();
  const at = async (date: string) =>
    (await vault.findSnapshot({ kind: "instant", instant: Date.parse(date) })).sequence;
  expect(await at("2026-11-01T12:00:00Z")).toBe(1);
  expect(await at("2026-11-02T11:59:59Z")).toBe(1);
  expect(await at("2026-12-24T00:00:00Z")).toBe(3);
  await expect(at("2026-11-01T11:59:59Z")).rejects.toMatchObject({ code: "snapshot/none-then" });
  await expect(vault.findSnapshot({ kind: "sequence", sequence: 4 })).rejects.toMatchObject({
    code: "snapshot/missing",
  });
  expect((await vault.findSnapshot({ kind: "latest" })).sequence).toBe(3);
});

test("an empty history has no latest snapshot", async () => {
  await using vault = new MemoryVault().open();
  await expect(vault.findSnapshot({ kind: "latest" })).rejects.toMatchObject({ code: "snapshot/none-then" });
});

test("a record that was altered is refused, wherever it was", async () => {
  const memory = await threeSnapshots();
  const record = memory.records.get(2) ?? Buffer.alloc(0);
  for (let at = 0; at < record.length; at += 7) {
    const altered = Buffer.from(record);
    altered[at] = (altered[at] ?? 0) ^ 1;
    memory.records.set(2, altered);
    await using vault = memory.open();
    await expect(vault.openSnapshot(2)).rejects.toMatchObject({ code: "snapshot/corrupt" });
    // Even when the list names the altered one.
    const view = memory.views[1];
    if (view) memory.views[1] = { ...view, record: recordHash(altered).toString("hex") };
    await using other = memory.open();
    await expect(other.openSnapshot(2)).rejects.toMatchObject({ code: "snapshot/corrupt" });
    if (view) memory.views[1] = view;
  }
});

test("another record than the list names is refused", async () => {
  const memory = await threeSnapshots();
  memory.records.set(3, memory.records.get(1) ?? Buffer.alloc(0));
  await using vault = memory.open();
  await expect(vault.openSnapshot(3)).rejects.toMatchObject({ code: "snapshot/corrupt" });
});

test.each<[string, (record: SnapshotRecord) => SnapshotRecord]>([
  ["of another vault", (record) => ({ ...record, vault: Buffer.alloc(16, 1) })],
  ["of another machine", (record) => ({ ...record, machine: Buffer.alloc(16, 1) })],
  ["with another number", (record) => ({ ...record, sequence: 9 })],
  ["that does not follow the one before", (record) => ({ ...record, previous: Buffer.alloc(32, 1) })],
  ["signed by a key without a proof", (record) => ({ ...record, signer: signingKey(Buffer.alloc(32, 8)).publicKey })],
  ["with a body under another key", (record) => ({ ...record, enc: Buffer.alloc(32, 5) })],
])("a record %s is refused", async (_, alter) => {
  await using vault = (await threeSnapshots(alter)).open();
  await expect(vault.openSnapshot(2)).rejects.toMatchObject({ code: "snapshot/corrupt" });
});

test("a machine key that another vault vouches for is refused", async () => {
  const other = deriveVaultKeys(Buffer.alloc(32, 1), Buffer.alloc(16, 9), 1);
  const memory = await threeSnapshots((record) => ({ ...record, signerProof: signerProof(other, record.signer) }));
  await using vault = memory.open();
  await expect(vault.openSnapshot(2)).rejects.toMatchObject({ code: "snapshot/corrupt" });
});

test("a first record that follows another is refused", async () => {
  const memory = new MemoryVault();
  await memory.addSnapshot(tree, { alter: (record) => ({ ...record, previous: Buffer.alloc(32, 1) }) });
  await using vault = memory.open();
  await expect(vault.openSnapshot(1)).rejects.toMatchObject({ code: "snapshot/corrupt" });
});

test("a service that shows less or something else than it confirmed is found out", async () => {
  const memory = await threeSnapshots();
  const record = recordHash(memory.records.get(3) ?? Buffer.alloc(0));
  await using whole = memory.open({ known: { sequence: 3, record } });
  expect(await whole.snapshots()).toHaveLength(3);
  await using other = memory.open({ known: { sequence: 2, record } });
  await expect(other.snapshots()).rejects.toMatchObject({ code: "vault/rolled-back" });
  memory.views.pop();
  await using less = memory.open({ known: { sequence: 3, record } });
  await expect(less.snapshots()).rejects.toMatchObject({ code: "vault/rolled-back", data: { shown: 2, known: 3 } });
});

test("with another vault's keys nothing opens", async () => {
  const memory = await threeSnapshots();
  await using vault = memory.open({ keys: deriveVaultKeys(Buffer.alloc(32, 1), memory.keys.vault, 1) });
  await expect(vault.openSnapshot(1)).rejects.toMatchObject({ code: "snapshot/corrupt" });
});

test("a session that nobody reported on is ended by leaving it", async () => {
  const memory = await threeSnapshots();
  {
    await using vault = memory.open({ endStatus: "cancelled" });
    await vault.snapshots();
  }
  expect(memory.progress.map(({ status }) => status)).toEqual(["cancelled"]);
});

test("what retention has dropped is not offered, and what follows it can still be opened", async () => {
  const memory = await threeSnapshots();
  const view = memory.views[1];
  if (view) memory.views[1] = { ...view, pruned: true };
  await using vault = memory.open({ known: { sequence: 2, record: Buffer.from(view?.record ?? "", "hex") } });
  expect((await vault.snapshots()).map(({ sequence }) => sequence)).toEqual([3, 1]);
  expect((await vault.history()).map(({ sequence }) => sequence)).toEqual([3, 2, 1]);
  expect((await vault.openSnapshot(3)).record.sequence).toBe(3);
  await expect(vault.openSnapshot(2)).rejects.toMatchObject({ code: "snapshot/missing" });
});
