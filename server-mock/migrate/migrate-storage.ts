/**
 * Moves an installation from one pair of engines to another: database, bytes, or both. Nothing changes at the source. A move that was cut goes on
 * when it is repeated; the target can be used only when both sides have been compared.
 *
 *   services away → target empty, or half-moved from here → tables → bytes → compare → done
 */
import type { Clock } from "../../base/clock.ts";
import type { Random } from "../../base/random.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import { BLOB_FOLDERS, type Blobs } from "../blobs/blobs.ts";
import { type Copied, compareBlobs, copyBlobs } from "../blobs/copy-blobs.ts";
import { HALF_MOVED, KEYS_FACT } from "../records/cluster.ts";
import { compareTables, copyTables, countRows, type OpenDatabase } from "../records/sql/copy-tables.ts";
import {
  copyKeys,
  type End,
  keepServicesAway,
  makeEnd,
  needInstallation,
  openDatabase,
  openStore,
  sameBucket,
} from "./storage-ends.ts";

export interface MoveOptions {
  readonly from: End;
  readonly to: End;
  readonly clock: Clock;
  readonly random: Random;
  readonly onStep?: (step: MoveStep) => void;
}

/** How far: `total` is undefined where nobody knows it before. */
export interface MoveStep {
  readonly phase: "rows" | "bytes" | "comparing rows" | "comparing bytes";
  readonly done: number;
  readonly total: number | undefined;
}

export interface Moved extends Copied {
  readonly rows: number;
}

/** Throws `service/running`, `config/invalid`, `storage/differs`, `storage/failed`, `storage/full`. */
export async function migrateStorage({
  from,
  to,
  clock,
  random,
  onStep = () => undefined,
}: MoveOptions): Promise<Moved> {
  const movesRows =
    from.engines.databaseUrl !== to.engines.databaseUrl ||
    (to.engines.databaseUrl === undefined && from.data !== to.data);
  const movesBytes =
    !sameBucket(from.engines.bucket, to.engines.bucket) || (to.engines.bucket === undefined && from.data !== to.data);
  if (!movesRows && !movesBytes) throw refused("the target", "it is the source");
  await needInstallation(from);
  await makeEnd(to);
  await using open = new AsyncDisposableStack();
  const source = open.adopt(await openDatabase(from), (database) => database.close());
  const away = await keepServicesAway(from, source, clock);
  open.defer(() => away.release());
  let rows = 0;
  let copied: Copied = { blobs: 0, bytes: 0, damaged: [] };
  const target = movesRows ? open.adopt(await openDatabase(to), (database) => database.close()) : undefined;
  if (target !== undefined) {
    if (from.data !== to.data || to.engines.databaseUrl !== undefined) {
      const targetAway = await keepServicesAway(to, target, clock);
      open.defer(() => targetAway.release());
    }
    await begin(source, target);
    await moveRows(source, target, onStep);
  }
  if (movesBytes) {
    const here = open.adopt(await openStore(from, random), (store) => store.close()).blobs;
    const there = open.adopt(await openStore(to, random), (store) => store.close()).blobs;
    await needOurs(here, there);
    copied = await moveBytes(source, { here, there }, onStep);
  }
  if (target !== undefined) {
    rows = await compareRows(source, target, onStep);
    await copyKeys(from, to);
    await target.sql.deleteFrom("facts").where("name", "=", HALF_MOVED).execute();
  }
  return { ...copied, rows };
}

/** Throws `config/invalid` when the target has rows that are not from here. */
async function begin(source: OpenDatabase, target: OpenDatabase): Promise<void> {
  const origin = (await factOf(source, KEYS_FACT)) ?? "unknown";
  const begun = await factOf(target, HALF_MOVED);
  if (begun === origin) return;
  const counts = await countRows(target);
  const filled = [...counts].find(([, rows]) => rows > 0);
  if (begun !== undefined || filled !== undefined)
    throw refused("the target's database", `it is not empty (${filled?.[0] ?? "another installation"})`);
  await target.sql.insertInto("facts").values({ name: HALF_MOVED, value: origin }).execute();
}

async function moveRows(source: OpenDatabase, target: OpenDatabase, onStep: (step: MoveStep) => void): Promise<void> {
  const total = sum(await countRows(source));
  let done = sum(await countRows(target));
  await copyTables(source, target, (_, rows) => {
    done += rows;
    onStep({ phase: "rows", done, total });
  });
  for (const fact of await source.sql.selectFrom("facts").selectAll().execute())
    await target.sql
      .insertInto("facts")
      .values(fact)
      .onConflict((conflict) => conflict.column("name").doNothing())
      .execute();
}

async function compareRows(
  source: OpenDatabase,
  target: OpenDatabase,
  onStep: (step: MoveStep) => void,
): Promise<number> {
  const total = 2 * sum(await countRows(source));
  let done = 0;
  return await compareTables(source, target, (_, rows) => {
    done += rows;
    onStep({ phase: "comparing rows", done, total });
  });
}

async function moveBytes(
  source: OpenDatabase,
  { here, there }: { here: Blobs; there: Blobs },
  onStep: (step: MoveStep) => void,
): Promise<Copied> {
  const { bytes } = await source.sql
    .selectFrom("packs")
    .select((eb) => eb.fn.sum<number>("sizeBytes").as("bytes"))
    .executeTakeFirstOrThrow();
  const total = Number(bytes ?? 0);
  let done = 0;
  const copied = await copyBlobs(here, there, (more) => {
    done += more;
    onStep({ phase: "bytes", done, total });
  });
  onStep({ phase: "comparing bytes", done: 0, total: undefined });
  await compareBlobs(here, there, new Set(copied.damaged));
  return copied;
}

/** What lies at the target must have come from here. */
async function needOurs(here: Blobs, there: Blobs): Promise<void> {
  for (const folder of BLOB_FOLDERS)
    for await (const name of there.list(folder))
      if ((await here.find(name)) === undefined)
        throw refused("the target's storage", `it holds other things (${name})`);
}

async function factOf({ sql }: OpenDatabase, name: string): Promise<string | undefined> {
  const found = await sql.selectFrom("facts").select("value").where("name", "=", name).executeTakeFirst();
  return found?.value;
}

const sum = (counts: ReadonlyMap<string, number>): number => [...counts.values()].reduce((all, each) => all + each, 0);

const refused = (setting: string, reason: string): HoldfastError =>
  new HoldfastError("config/invalid", { setting, reason });
