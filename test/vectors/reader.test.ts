/** The second reader (reader.py) agrees with every vector, and restores what Holdfast has backed up. */
import { spawnSync } from "node:child_process";
import { copyFileSync, ftruncateSync, mkdirSync, openSync, readdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, test } from "vitest";
import { sha256 } from "../../base/digest.ts";
import { BackupPlace } from "../support/backup-place.ts";
import { TEST_SECRET, TEST_VAULT } from "../support/engine.ts";
import { noise } from "../support/entries-to-store.ts";
import { LocalPlace } from "../support/local-place.ts";
import type { MemoryService } from "../support/memory-service.ts";
import { treeDifferences } from "../support/same-tree.ts";
import { tempFolder } from "../support/temp-folder.ts";

const VAULT = TEST_VAULT.toString("hex");
const SECRET = TEST_SECRET.toString("hex");

function python(...parameters: string[]) {
  const { status, stdout, stderr, error } = spawnSync("python3", ["-B", ...parameters], { encoding: "utf8", maxBuffer: 2 ** 28 });
  return { status: error ? -1 : status, stdout, stderr };
}

const script = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const hasPython = python("-c", "import cryptography").status === 0;
const read = (...parameters: string[]) => python(script("reader.py"), ...parameters);

beforeAll(() => {
  if (!hasPython) console.warn("Left out: the second reader needs python3 with the package `cryptography`, and it is not here.");
});

/** The service's packs and records as files (format §9). */
function writeStorage(service: MemoryService): string {
  const folder = tempFolder();
  mkdirSync(join(folder, "records", VAULT), { recursive: true });
  for (const [id, { bytes }] of service.packs) {
    mkdirSync(join(folder, "packs", VAULT, id.slice(0, 2)), { recursive: true });
    writeFileSync(join(folder, "packs", VAULT, id.slice(0, 2), id), bytes);
  }
  for (const [index, record] of service.records.entries()) {
    const name = `${String(index + 1).padStart(16, "0")}-${sha256(record).toString("hex")}`;
    writeFileSync(join(folder, "records", VAULT, name), record);
  }
  return folder;
}

function makeFiles(place: BackupPlace): void {
  place.writeMany(150);
  place.write("text", "compressible ".repeat(20_000));
  place.write("large", noise(6_000_000));
  place.write("empty", "");
  mkdirSync(place.path("folder"));
  mkdirSync(place.path("folder/empty"));
  for (const name of ["a", "a-b", "ab", "ünïcödé", "new\nline", "a".repeat(255)]) place.write(`folder/${name}`, name);
  writeFileSync(Buffer.concat([Buffer.from(`${place.path("folder")}/`), Buffer.from([0xff, 0xfe])]), "not UTF-8");
  symlinkSync("../text", place.path("folder/link"));
  // More pieces than an entry holds: they lie in a list.
  const fd = openSync(place.path("pieces"), "w");
  ftruncateSync(fd, 20_000_000);
  for (let at = 100_000; at < 20_000_000; at += 500_000) writeSync(fd, noise(5_000, at), 0, 5_000, at);
  utimesSync(place.path("large"), 1, -5.25);
}

test.runIf(hasPython)("the second reader agrees with every vector", () => {
  const { status, stdout, stderr } = python(script("check.py"));
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(Number(/^(\d+) checks/.exec(stdout)?.[1])).toBeGreaterThan(400);
});

test.runIf(hasPython)("the second reader restores from the storage folder and the vault secret alone", async () => {
  const place = new BackupPlace();
  makeFiles(place);
  await place.run();
  place.write("text", "changed later");
  await place.run();
  const storage = writeStorage(place.service);
  const target = join(tempFolder(), "restored");
  const { status, stdout, stderr } = read("restore", storage, VAULT, SECRET, target);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(JSON.parse(stdout)).toMatchObject({ sequence: 2, said: { host: "test", problems: 0 } });
  const asBefore = { owners: false, attributes: false };
  expect(treeDifferences(place.source, join(target, place.source), asBefore)).toEqual([]);
  const first = join(tempFolder(), "first");
  expect(read("restore", storage, VAULT, SECRET, first, "1").status).toBe(0);
  const differences = treeDifferences(place.source, join(first, place.source), asBefore);
  expect(differences.every((difference) => difference.startsWith('"text"'))).toBe(true);
  expect(differences).not.toEqual([]);
});

test.runIf(hasPython)("the second reader restores from a local copy, and refuses it under another copy id", async () => {
  const place = new LocalPlace();
  place.write("large", noise(1_500_000));
  await place.run();
  place.write("text", "changed later");
  await place.run();
  const target = join(tempFolder(), "restored");
  const { status, stdout, stderr } = read("restore", place.root, VAULT, SECRET, target);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(JSON.parse(stdout)).toMatchObject({ sequence: 2, said: { type: "Local" } });
  const asBefore = { owners: false, attributes: false };
  expect(treeDifferences(place.source, join(target, place.source), asBefore)).toEqual([]);
  const card = join(place.root, "copy.json");
  writeFileSync(card, JSON.stringify({ ...JSON.parse(readFileSync(card, "utf8")), copy: "ab".repeat(32) }));
  expect(read("list", place.root, VAULT, SECRET).stderr).toContain("breaks the chain");
});

test.runIf(hasPython)("the second reader refuses another secret, an altered pack and a broken chain", async () => {
  const place = new BackupPlace();
  place.write("a", "a");
  await place.run();
  place.write("b", "b");
  await place.run();
  const refused = (change: (storage: string) => void, secret = SECRET): string => {
    const storage = writeStorage(place.service);
    change(storage);
    const { status, stderr } = read("list", storage, VAULT, secret);
    expect(status).toBe(1);
    return stderr;
  };
  const records = (storage: string) => join(storage, "records", VAULT);
  expect(refused(() => undefined, "11".repeat(32))).toContain("is not signed by a machine of this vault");
  expect(
    refused((storage) => {
      const [first = "", second = ""] = readdirSync(records(storage)).sort();
      copyFileSync(join(records(storage), second), join(records(storage), first));
    }),
  ).toContain("breaks the chain");
  expect(
    refused((storage) => {
      const packs = join(storage, "packs", VAULT);
      const [prefix = ""] = readdirSync(packs);
      const [pack = ""] = readdirSync(join(packs, prefix));
      writeFileSync(join(packs, prefix, pack), noise(500));
    }),
  ).toContain("is not what its name says");
});
