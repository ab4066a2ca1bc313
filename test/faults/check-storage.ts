/** Compares what the service's database says with what lies in its storage folder. Looks from outside; the service may be running. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { openSqlite, type Sqlite } from "../../base/sqlite.ts";

export interface StoredSnapshot {
  readonly sequence: number;
  /** Record hash, hexadecimal. */
  readonly record: string;
}

/** Of the only vault, oldest first. */
export function storedSnapshots(data: string): StoredSnapshot[] {
  using db = openRows(data);
  return db
    .prepare("SELECT sequence, record FROM snapshots ORDER BY sequence")
    .all()
    .map(({ sequence, record }) => ({ sequence: Number(sequence), record: String(record) }));
}

/** A line for each thing that is not as it must be while nobody uploads. `digests`: reads every pack, too. */
export function storageViolations(data: string, { digests }: { readonly digests: boolean }): string[] {
  using db = openRows(data);
  const packs = db
    .prepare(
      "SELECT v.id AS vault, lower(hex(p.id)) AS id, p.sizeBytes FROM packs p JOIN vaults v ON v.number = p.vault",
    )
    .all()
    .map(({ vault, id, sizeBytes }) => ({ vault: String(vault), id: String(id), sizeBytes: Number(sizeBytes) }));
  const storage = join(data, "storage");
  return [
    ...comparePacks(storage, packs, digests),
    ...compareRecords(storage, db),
    ...compareLedger(
      db,
      packs.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    ),
    ...readdirSync(join(storage, "incoming")).map((name) => `left over: incoming/${name}`),
    ...sentTwice(db),
  ];
}

function comparePacks(
  storage: string,
  packs: readonly { vault: string; id: string; sizeBytes: number }[],
  digests: boolean,
): string[] {
  const wanted = new Map(packs.map((pack) => [join("packs", pack.vault, pack.id.slice(0, 2), pack.id), pack]));
  const wrong = filesBelow(storage, "packs")
    .filter((path) => !wanted.has(path))
    .map((path) => `a file without a row: ${path}`);
  for (const [path, { id, sizeBytes }] of wanted) {
    const file = join(storage, path);
    if (!existsSync(file)) wrong.push(`a row without its file: ${path}`);
    else if (statSync(file).size !== sizeBytes) wrong.push(`of another size than its row: ${path}`);
    else if (digests && createHash("sha256").update(readFileSync(file)).digest("hex") !== id)
      wrong.push(`damaged: ${path}`);
  }
  return wrong;
}

function compareRecords(storage: string, db: Sqlite): string[] {
  const wanted = new Set(
    db
      .prepare("SELECT v.id AS vault, s.sequence, s.record FROM snapshots s JOIN vaults v ON v.number = s.vault")
      .all()
      .map(({ vault, sequence, record }) => {
        const name = `${String(sequence).padStart(16, "0")}-${record}`;
        return join("records", String(vault), name);
      }),
  );
  const found = filesBelow(storage, "records");
  return [
    ...found.filter((path) => !wanted.has(path)).map((path) => `a record without a row: ${path}`),
    ...[...wanted].filter((path) => !found.includes(path)).map((path) => `a row without its record: ${path}`),
  ];
}

function compareLedger(db: Sqlite, stored: number): string[] {
  const wrong: string[] = [];
  const sum = (rows: string) => Number(db.prepare(`SELECT sum(usedBytes) AS used FROM ${rows}`).get()?.used ?? 0);
  const machines = sum("machines");
  if (machines !== stored) wrong.push(`machines are charged ${machines} bytes, stored are ${stored}`);
  // What deleted machines use counts for nobody above them.
  const counted = sum("machines WHERE deletedAt IS NULL");
  for (const [level, rows] of [
    ["accounts", "accounts"],
    ["groups", "pools WHERE kind = 'all' AND holder <> organization"],
    ["organizations", "pools WHERE kind = 'all' AND holder = organization"],
  ] as const)
    if (sum(rows) !== counted) wrong.push(`${level} are charged ${sum(rows)} bytes, their machines ${counted}`);
  const { promised } = db.prepare("SELECT count(*) AS promised FROM reservations").get() ?? {};
  if (Number(promised) !== 0) wrong.push(`${promised} reservations are left`);
  return wrong;
}

/** A chunk that lies in two packs was sent although the service held it. */
function sentTwice(db: Sqlite): string[] {
  return db
    .prepare("SELECT lower(hex(id)) AS id, type, count(*) AS packs FROM chunks GROUP BY vault, id HAVING count(*) > 1")
    .all()
    .map(({ id, type, packs }) => `chunk ${id} of type ${type} lies in ${packs} packs`);
}

const filesBelow = (top: string, folder: string): string[] =>
  existsSync(join(top, folder))
    ? readdirSync(join(top, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(top.length + 1))
    : [];

/** To look at only. */
export const openRows = (data: string): Sqlite =>
  openSqlite(join(data, "holdfast.db"), { readOnly: true, durability: "normal" });
