import { chmodSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { decodeSnapshotRecord, NO_RECORD } from "../../protocol/snapshot-record.ts";
import { TEST_VAULT } from "../../test/support/engine.ts";
import { noise } from "../../test/support/entries-to-store.ts";
import { LocalPlace } from "../../test/support/local-place.ts";
import { tempFolder } from "../../test/support/temp-folder.ts";
import { verify } from "../verify/verify.ts";

const VAULT = TEST_VAULT.toString("hex");

function filled(): LocalPlace {
  const place = new LocalPlace();
  for (let number = 0; number < 40; number++) place.write(`many/${number}`, noise(2000, number + 1));
  place.write("large", noise(3_000_000));
  place.write("text", "words ".repeat(1000));
  return place;
}

/** The folders above the root are in the catalog, and other tests work in the temporary folder: a page may be new. */
const NOTHING_NEW = { counters: { filesEncoded: 0, filesTransferred: 0 } };

const packsOf = (place: LocalPlace): string[] =>
  readdirSync(join(place.root, "packs", VAULT), { recursive: true, encoding: "utf8" })
    .filter((name) => /[0-9a-f]{64}$/.test(name))
    .map((name) => join(place.root, "packs", VAULT, name));

test("a copy is restored byte for byte, snapshot by snapshot, with nothing but the kit", async () => {
  const place = filled();
  expect(await place.run()).toMatchObject({ snapshot: 1, result: "success" });
  expect(await place.differences()).toEqual([]);
  place.write("text", "other words");
  expect(await place.run()).toMatchObject({ snapshot: 2, counters: { filesEncoded: 1 } });
  expect(await place.differences(2)).toEqual([]);
  await using vault = await place.openVault();
  expect(await verify(vault, { readData: true })).toMatchObject({ result: "sound", snapshots: 2 });
});

test("a second backup of an unchanged folder writes a record and no content", async () => {
  const place = filled();
  await place.run();
  expect(await place.run()).toMatchObject({ snapshot: 2, ...NOTHING_NEW });
});

test("the first record follows the copy's own id, so it fits no other history", async () => {
  const place = filled();
  await place.run();
  const [name] = readdirSync(join(place.root, "records", VAULT));
  const record = decodeSnapshotRecord(readFileSync(join(place.root, "records", VAULT, name ?? "")));
  const { copy } = JSON.parse(readFileSync(join(place.root, "copy.json"), "utf8"));
  expect(record.previous.toString("hex")).toBe(copy);
  expect(copy).not.toBe(NO_RECORD);
  // Told another id, a reader refuses the history.
  const card = JSON.parse(readFileSync(join(place.root, "copy.json"), "utf8"));
  writeFileSync(join(place.root, "copy.json"), JSON.stringify({ ...card, copy: "ab".repeat(32) }));
  await using vault = await place.openVault();
  await expect(vault.openSnapshot(1)).rejects.toMatchObject({ code: "snapshot/corrupt" });
});

test("a lost or damaged index is made anew, by the next backup and by a restore", async () => {
  const place = filled();
  await place.run();
  rmSync(join(place.root, "index.db"));
  expect(await place.differences()).toEqual([]);
  expect(existsSync(join(place.root, "index.db"))).toBe(false); // Restores write nothing.
  expect(await place.run()).toMatchObject(NOTHING_NEW);
  writeFileSync(join(place.root, "index.db"), noise(20_000));
  expect(await place.differences()).toEqual([]);
  expect(await place.run()).toMatchObject(NOTHING_NEW);
  expect(await place.differences()).toEqual([]);
});

test("a restore writes nothing to the copy, so a disk that can only be read will do", async () => {
  const place = filled();
  await place.run();
  const before = timesIn(place.root);
  for (const name of ["index.db", "copy.json"]) chmodSync(join(place.root, name), 0o400);
  chmodSync(place.root, 0o500);
  expect(await place.differences()).toEqual([]);
  chmodSync(place.root, 0o700);
  expect(timesIn(place.root)).toEqual(before);
});

function timesIn(root: string): string[] {
  const names = readdirSync(root, { recursive: true, encoding: "utf8" }).sort();
  return names.map((name) => `${name} ${statSync(join(root, name), { bigint: true }).mtimeNs}`);
}

test("what somebody deleted from the copy is sent again by the next backup", async () => {
  const place = filled();
  await place.run();
  for (const pack of packsOf(place)) rmSync(pack);
  const report = await place.run();
  expect(report).toMatchObject({ result: "success" });
  expect(report.counters.bytesTransferred).toBeGreaterThan(3_000_000);
  expect(await place.differences()).toEqual([]);
});

test("records that were taken away from the copy are found out", async () => {
  const place = filled();
  await place.run();
  await place.run();
  const records = join(place.root, "records", VAULT);
  rmSync(join(records, readdirSync(records).at(-1) ?? ""));
  await expect(place.run()).rejects.toMatchObject({ code: "vault/rolled-back" });
  expect(await place.run({ acceptHistory: true })).toMatchObject({ snapshot: 2 });
});

test("another disk gets a history of its own, and each goes on where it was", async () => {
  const place = filled();
  await place.run();
  const [first, second] = [place.folder, tempFolder()];
  place.folder = second;
  await expect(place.run({ isExpected: true, mayBegin: false })).rejects.toMatchObject({ code: "local/other-disk" });
  expect(readdirSync(second)).toEqual([]);
  expect(await place.run()).toMatchObject({ snapshot: 1 });
  place.write("new", "file");
  place.folder = first;
  expect(await place.run()).toMatchObject({ snapshot: 2, counters: { filesEncoded: 1 } });
  expect(await place.differences()).toEqual([]);
  place.folder = second;
  expect(await place.run()).toMatchObject({ snapshot: 2, counters: { filesEncoded: 1 } });
  expect(await place.differences()).toEqual([]);
});

test("a folder that is not there is not made: it may be the place of a disk", async () => {
  const place = filled();
  place.folder = join(tempFolder(), "disk");
  await expect(place.run()).rejects.toMatchObject({ code: "local/missing" });
  expect(existsSync(place.folder)).toBe(false);
});

test("a disk that goes in the middle ends the run, and the next one goes on with what was written", async () => {
  const place = filled();
  await place.run();
  place.write("large", noise(9_000_000, 5));
  const away = `${place.folder}-away`;
  let packs = 0;
  const failing = place.run({
    uploads: 1,
    wrapped: (remote) => ({
      ...remote,
      putPack: async (...given) => {
        if (++packs === 2) renameSync(place.folder, away);
        return await remote.putPack(...given);
      },
    }),
  });
  await expect(failing).rejects.toMatchObject({ code: "local/missing" });
  expect(existsSync(place.folder)).toBe(false);
  renameSync(away, place.folder);
  const report = await place.run();
  expect(report.snapshot).toBe(2);
  expect(report.counters.bytesTransferred).toBeLessThan(9_000_000);
  expect(await place.differences()).toEqual([]);
});

test("a copy of another machine is left alone", async () => {
  const place = filled();
  await place.run();
  const path = join(place.root, "copy.json");
  const card = JSON.parse(readFileSync(path, "utf8"));
  writeFileSync(path, JSON.stringify({ ...card, vault: "ab".repeat(16) }));
  await expect(place.run()).rejects.toMatchObject({ code: "local/not-ours" });
});
