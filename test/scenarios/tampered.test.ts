/** Whoever alters what the service stores is found out by name, and nothing wrong is ever written. */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { findLastReceipt } from "../../agent/last-receipt.ts";
import { signingKey } from "../../base/signing.ts";
import { openSqlite, type Sqlite } from "../../base/sqlite.ts";
import { decodePackFrame } from "../../protocol/pack-format.ts";
import { decodeSnapshotRecord, encodeSnapshotRecord, recordHash } from "../../protocol/snapshot-record.ts";
import { configWith } from "../../server-mock/config.ts";
import { startService } from "../../server-mock/service.ts";
import { lookThrough, type Seen } from "../support/look-through.ts";
import { noise } from "../support/make-tree.ts";
import { CHEAP_PASSWORDS } from "../support/test-service.ts";
import { filesBelow } from "../support/try-keys.ts";
import { type Machine, makeWorld, type World } from "../support/world.ts";

const SNAPSHOTS = 3;

let world: World;
let machine: Machine;
let folder: string;
const expected = new Map<string, Buffer>();

beforeAll(async () => {
  world = await makeWorld();
  machine = await world.machine("victim");
  folder = world.at("files");
  mkdirSync(folder);
  for (let index = 0; index < 4; index++) write(`large-${index}`, noise(600_000, index + 1));
  for (let index = 0; index < 30; index++) write(`small-${index}`, noise(2_000, index + 100));
  for (let sequence = 1; sequence <= SNAPSHOTS; sequence++) {
    write("changing", noise(400_000, sequence + 1_000));
    expect(await machine.json("backup", folder)).toMatchObject({ code: 0, answer: { snapshot: sequence } });
  }
  await world.service.stop();
});
afterAll(() => world.remove());

function write(name: string, content: Buffer): void {
  writeFileSync(join(folder, name), content);
  expected.set(name, content);
}

/** What a person sees of the newest snapshot after `tamper` had its way with a copy of the service's folder. */
async function seenAfter(tamper: (data: string) => void, { isOwnMachine = true } = {}): Promise<Seen> {
  const data = world.at(`tampered-${readdirSync(world.top).length}`);
  cpSync(world.service.data, data, { recursive: true });
  tamper(data);
  const config = configWith({ data, listen: { host: "127.0.0.1", port: 0 }, log: "silent" });
  const service = await startService(config, { passwordCost: CHEAP_PASSWORDS });
  onTestFinished(() => service.close());
  const known = isOwnMachine ? findLastReceipt(machine.data) : undefined;
  const login = world.service.credentials.user;
  const whose = { machine: machine.id, folder, sequence: SNAPSHOTS, expected, known };
  return await lookThrough({ url: service.address, login, ...whose, below: world.top });
}

const packsOf = (data: string, kind: 0 | 1): string[] =>
  filesBelow(join(data, "storage", "packs"))
    .filter((path) => frameOf(path).kind === kind)
    .sort();

function frameOf(path: string) {
  const bytes = readFileSync(path);
  return decodePackFrame(bytes.length, (offset, length) => bytes.subarray(offset, offset + length));
}

/** The last ones are one file's each, of equal length. */
function newestFirst(data: string, packs: readonly string[]): string[] {
  using db = openSqlite(join(data, "holdfast.db"), { durability: "full" });
  const numbers = new Map(
    db
      .prepare("SELECT lower(hex(id)) AS id, number FROM packs")
      .all()
      .map(({ id, number }) => [id, Number(number)]),
  );
  const numberOf = (path: string) => numbers.get(basename(path)) ?? 0;
  return packs.toSorted((a, b) => numberOf(b) - numberOf(a));
}

function forEach(paths: readonly string[], work: (path: string) => void): void {
  for (const path of paths) work(path);
}

const firstOf = (paths: readonly string[]): string => paths[0] ?? "";
const records = (data: string): string[] => filesBelow(join(data, "storage", "records")).sort();

/** In the middle of each chunk. */
function flipEveryChunk(path: string): void {
  const bytes = readFileSync(path);
  for (const { offset, length } of frameOf(path).chunks) {
    const at = offset + Math.floor(length / 2);
    bytes[at] = (bytes[at] ?? 0) ^ 1;
  }
  writeFileSync(path, bytes);
}

function edit(data: string, work: (db: Sqlite) => void): void {
  using db = openSqlite(join(data, "holdfast.db"), { durability: "full" });
  db.exec("PRAGMA foreign_keys = OFF");
  work(db);
}

function exchange(a: string, b: string): void {
  const [first, second] = [readFileSync(a), readFileSync(b)];
  writeFileSync(a, second);
  writeFileSync(b, first);
}

test("untouched, everything is restored and verifies", async () => {
  expect(await seenAfter(() => undefined)).toEqual({ restore: [], verify: [], wrong: [] });
});

const CORRUPT = ["chunk/corrupt"];
const LOST = ["chunk/lost"];

test.each<[string, (data: string) => void, { restore: string[]; verify: string[] }]>([
  [
    "a flipped bit in every data chunk",
    (data) => forEach(packsOf(data, 0), flipEveryChunk),
    { restore: CORRUPT, verify: CORRUPT },
  ],
  [
    "a flipped bit in every page",
    (data) => forEach(packsOf(data, 1), flipEveryChunk),
    { restore: CORRUPT, verify: CORRUPT },
  ],
  [
    "data packs that are gone",
    (data) => forEach(packsOf(data, 0), (path) => rmSync(path)),
    { restore: LOST, verify: LOST },
  ],
  ["pages that are gone", (data) => forEach(packsOf(data, 1), (path) => rmSync(path)), { restore: LOST, verify: LOST }],
  [
    "data packs that are cut",
    (data) => forEach(packsOf(data, 0), (path) => truncateSync(path, 1_000)),
    { restore: LOST, verify: LOST },
  ],
  [
    "packs under each other's names",
    (data) => {
      const [newest = "", before = ""] = newestFirst(data, packsOf(data, 0));
      exchange(newest, before);
    },
    { restore: CORRUPT, verify: CORRUPT },
  ],
  [
    "chunks under each other's names",
    (data) =>
      edit(data, (db) => {
        db.exec(`CREATE TEMP TABLE shuffled AS SELECT id, offset, length, lead(id) OVER (PARTITION BY pack ORDER BY id) AS next,
          first_value(id) OVER (PARTITION BY pack ORDER BY id) AS first FROM chunks WHERE type < 3`);
        db.exec(`UPDATE chunks SET (offset, length) = (SELECT s.offset, s.length FROM shuffled s WHERE coalesce(s.next, s.first) = chunks.id)
          WHERE id IN (SELECT coalesce(next, first) FROM shuffled)`);
      }),
    { restore: CORRUPT, verify: CORRUPT },
  ],
  [
    "sessions that are others",
    (data) => edit(data, (db) => db.exec("UPDATE packs SET sessions = randomblob(length(sessions)) WHERE kind = 0")),
    { restore: CORRUPT, verify: CORRUPT },
  ],
])("%s", async (_, tamper, said) => {
  expect(await seenAfter(tamper)).toEqual({ ...said, wrong: [] });
});

const UNTRUSTED = { restore: ["snapshot/corrupt"], verify: ["snapshot/corrupt"] };
const ROLLED_BACK = { restore: ["vault/rolled-back"], verify: ["vault/rolled-back"] };

test.each<[string, (data: string) => void, { restore: string[]; verify: string[] }]>([
  [
    "a snapshot record with a flipped bit",
    (data) => {
      const path = records(data).at(-1) ?? "";
      const bytes = readFileSync(path);
      bytes[100] = (bytes[100] ?? 0) ^ 1;
      writeFileSync(path, bytes);
    },
    UNTRUSTED,
  ],
  [
    "snapshot records under each other's names",
    (data) => exchange(firstOf(records(data)), records(data).at(-1) ?? ""),
    UNTRUSTED,
  ],
  [
    "a newest snapshot that is taken away",
    (data) =>
      edit(data, (db) => {
        db.exec(`DELETE FROM snapshots WHERE sequence = ${SNAPSHOTS}`);
        db.exec(`UPDATE vaults SET sequence = ${SNAPSHOTS - 1}`);
      }),
    ROLLED_BACK,
  ],
  [
    "numbers of snapshots that are exchanged",
    (data) =>
      edit(data, (db) => {
        db.exec("UPDATE snapshots SET sequence = 100 WHERE sequence = 1");
        db.exec("UPDATE snapshots SET sequence = 1 WHERE sequence = 3");
        db.exec("UPDATE snapshots SET sequence = 3 WHERE sequence = 100");
      }),
    ROLLED_BACK,
  ],
  ["a newest snapshot that somebody else has signed", (data) => forgeNewest(data), ROLLED_BACK],
  [
    "another vault's key",
    (data) => edit(data, (db) => db.exec("UPDATE vaults SET readKey = randomblob(32)")),
    { restore: ["key/unavailable"], verify: ["key/unavailable"] },
  ],
])("%s", async (_, tamper, said) => {
  expect(await seenAfter(tamper)).toEqual({ ...said, wrong: [] });
});

test("without a receipt, as on another machine, a forged record is still refused", async () => {
  expect(await seenAfter(forgeNewest, { isOwnMachine: false })).toEqual({ ...UNTRUSTED, wrong: [] });
});

test("a snapshot taken out of the middle is missed by verify", async () => {
  const seen = await seenAfter((data) => edit(data, (db) => db.exec("DELETE FROM snapshots WHERE sequence = 2")));
  expect(seen).toEqual({ restore: [], verify: ["snapshot/missing"], wrong: [] });
});

/** All that whoever has the service can do: another root, a signature of one's own, rows and file that fit. */
function forgeNewest(data: string): void {
  const path = records(data).at(-1) ?? "";
  const record = decodeSnapshotRecord(readFileSync(path));
  const older = decodeSnapshotRecord(readFileSync(firstOf(records(data))));
  const forger = signingKey(Buffer.alloc(32, 7));
  const forged = encodeSnapshotRecord({ ...record, root: older.root, signer: forger.publicKey }, (message) =>
    forger.sign(message),
  );
  const hash = recordHash(forged).toString("hex");
  writeFileSync(path.replace(/[0-9a-f]{64}$/, hash), forged);
  edit(data, (db) => {
    db.exec(`UPDATE snapshots SET record = '${hash}' WHERE sequence = ${SNAPSHOTS}`);
    db.exec(`UPDATE vaults SET head = '${hash}'`);
  });
}
