/** A copy on a disk that somebody else had: an index that lies, records and packs that were put there. Nothing of it may be believed. */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { sha256 } from "../../base/digest.ts";
import { TEST_VAULT } from "../../test/support/engine.ts";
import { noise } from "../../test/support/entries-to-store.ts";
import { LocalPlace } from "../../test/support/local-place.ts";
import { tempFolder } from "../../test/support/temp-folder.ts";
import { verify } from "../verify/verify.ts";

const VAULT = TEST_VAULT.toString("hex");

async function copied(): Promise<LocalPlace> {
  const place = new LocalPlace();
  place.write("large", noise(1_200_000));
  place.write("letter", "Dear reader");
  await place.run({ threads: 1 });
  return place;
}

/** The same on another disk. */
function again(place: LocalPlace, original: string): void {
  place.folder = tempFolder();
  cpSync(original, place.folder, { recursive: true });
}

function alter(place: LocalPlace, sql: string): void {
  const index = new DatabaseSync(join(place.root, "index.db"));
  index.exec(sql);
  index.close();
}

const LIES: readonly string[] = [
  "UPDATE chunks SET offset = 9007199254740991",
  "UPDATE chunks SET offset = -5",
  "UPDATE chunks SET length = 4000000000",
  "UPDATE chunks SET session = 700",
  "UPDATE chunks SET offset = 'a', length = x'00'",
  "UPDATE packs SET id = CAST('../../../../etc/passwd' || number AS BLOB)",
  "DELETE FROM chunks",
];

test("an index that lies makes files that can't be had, never wrong ones; without it all are there", async () => {
  const place = await copied();
  const original = place.folder;
  for (const lie of LIES) {
    again(place, original);
    alter(place, lie);
    await using vault = await place.openVault();
    const report = await verify(vault, { readData: true }).catch((error: unknown) => error);
    const told = { code: expect.stringMatching(/^(chunk|pack|snapshot|local)\//) };
    expect(report, lie).toMatchObject(report instanceof Error ? told : { result: "damaged" });
  }
  rmSync(join(place.root, "index.db"));
  expect(await place.differences()).toEqual([]);
});

const FOREVER = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)";

test.each([
  [
    "a trigger",
    `CREATE TRIGGER evil AFTER INSERT ON snapshots BEGIN DELETE FROM losses WHERE (${FOREVER} SELECT max(i) FROM n); END`,
  ],
  [
    "a view",
    `ALTER TABLE packs RENAME TO p; CREATE VIEW packs AS ${FOREVER} SELECT i AS number, x'' AS id, 1 AS sizeBytes, 'live' AS state, x'' AS sessions FROM n`,
  ],
])("%s in the index that would run for ever is not run", async (_, sql) => {
  const place = await copied();
  alter(place, sql);
  expect(await place.differences()).toEqual([]);
  expect(await place.run({ threads: 1 })).toMatchObject({ snapshot: 2, result: "success" });
});

test("dates and names of snapshots in the index are no ground for anything", async () => {
  const place = await copied();
  alter(place, "UPDATE snapshots SET claimedAt = 9007199254740991, files = -1, root = x'00'");
  expect(await place.differences()).toEqual([]);
});

test("records that were put there are refused, and the next backup does not follow junk", async () => {
  const place = await copied();
  const records = join(place.root, "records", VAULT);
  const junk = noise(700);
  writeFileSync(join(records, `${"2".padStart(16, "0")}-${sha256(junk).toString("hex")}`), junk);
  writeFileSync(join(records, "README"), "hello");
  expect(await place.differences()).toEqual([]);
  const [own = ""] = readdirSync(records);
  const altered = readFileSync(join(records, own));
  altered[9] = (altered[9] ?? 0) ^ 1;
  writeFileSync(join(records, `${"3".padStart(16, "0")}-${sha256(altered).toString("hex")}`), altered);
  expect(await place.run({ threads: 1 })).toMatchObject({ snapshot: 2, result: "success" });
  expect(await place.differences()).toEqual([]);
});

test("packs that were put there are no part of anything", async () => {
  const place = await copied();
  const junk = noise(9000, 3);
  const name = sha256(junk).toString("hex");
  const packs = join(place.root, "packs", VAULT);
  // Where packs of such names lie, and among others: by chance those may be the same.
  for (const folder of [name.slice(0, 2), readdirSync(packs)[0] ?? ""]) {
    mkdirSync(join(packs, folder), { recursive: true });
    writeFileSync(join(packs, folder, name), junk);
  }
  expect(await place.run({ threads: 1 })).toMatchObject({ result: "success" });
  expect(await place.differences()).toEqual([]);
});

/** Waited for, without end, and elsewhere. */
function oddThings(path: string, elsewhere: string): (() => void)[] {
  return [
    () => execFileSync("mkfifo", [path]),
    () => symlinkSync("/dev/zero", path),
    () => symlinkSync(elsewhere, path),
  ];
}

test.runIf(process.platform === "linux")(
  "pipes, devices and links on the disk are neither waited for nor read",
  async () => {
    const place = await copied();
    const original = place.folder;
    const elsewhere = tempFolder();
    const record = (): string => readdirSync(join(place.root, "records", VAULT))[0] ?? "";
    const junk = "f".repeat(64);
    const names = [
      "index.db",
      "index.db-journal",
      `packs/${VAULT}/ff/${junk}`,
      `records/${VAULT}/${"2".padStart(16, "0")}-${junk}`,
      `pruned/${VAULT}/${junk}`,
    ];
    for (const name of names)
      for (const count of [0, 1, 2]) {
        again(place, original);
        const path = join(place.root, name);
        mkdirSync(join(path, ".."), { recursive: true });
        rmSync(path, { force: true });
        oddThings(path, elsewhere)[count]?.();
        expect(await place.differences(), `${name} ${count}`).toEqual([]);
        (await place.open())[Symbol.dispose]();
      }
    for (const name of ["copy.json", `records/${VAULT}/${record()}`])
      for (const count of [0, 1, 2]) {
        again(place, original);
        const path = join(place.root, name);
        rmSync(path);
        oddThings(path, elsewhere)[count]?.();
        const code = expect.stringMatching(/^(local|snapshot|vault)\//);
        await expect(place.differences(), `${name} ${count}`).rejects.toMatchObject({ code });
      }
  },
);

test("folders of the copy that are links get nothing, and nothing is removed where they lead", async () => {
  const place = await copied();
  const original = place.folder;
  const first = readdirSync(join(place.root, "packs", VAULT))[0] ?? "";
  for (const name of ["packs", `packs/${VAULT}`, `records/${VAULT}`, "pruned"]) {
    again(place, original);
    const elsewhere = join(tempFolder(), "elsewhere");
    renameSync(join(place.root, name), elsewhere);
    symlinkSync(elsewhere, join(place.root, name));
    await expect(place.run(), name).rejects.toMatchObject({ code: "local/damaged" });
  }
  again(place, original);
  const elsewhere = tempFolder();
  writeFileSync(join(elsewhere, "letter.part"), "not yours");
  rmSync(join(place.root, "packs", VAULT, first), { recursive: true });
  symlinkSync(elsewhere, join(place.root, "packs", VAULT, first));
  await place.run({ threads: 1 }).catch(() => undefined);
  expect(readdirSync(elsewhere)).toEqual(["letter.part"]);
});
