/**
 * Collection of one vault, in two phases a day apart. Nothing that a kept snapshot reaches is ever touched, and nothing goes while a session is open.
 *
 *   stand → mark (no lock, takes long) → plan → brake → condemn, pages first → sweep what was condemned a day ago → trash
 *
 * A condemned chunk is not offered to agents any more; a commit that refers to it all the same takes it up again, with all below it
 * (`commit.ts`). That works because whatever is *not* condemned has everything below it: so pages are condemned before what they refer to, in one
 * transaction. Each transaction looks again whether a session was opened since the mark; then the rest waits for the next time.
 */
import { HoldfastError } from "../../../protocol/errors.ts";
import { packName } from "../../blobs/blobs.ts";
import type { RecordStores } from "../../records/records.ts";
import type { PackRow, VaultRow } from "../../records/rows.ts";
import { openAlert } from "../alerts/alerts.ts";
import type { Domain } from "../domain.ts";
import { readFrame } from "./frames.ts";
import { type Judging, judge, type Plan, planOf, type Verdict } from "./judge.ts";
import { mark, rootsOf } from "./mark.ts";
import { packsOf } from "./packs-of.ts";
import { repack } from "./repack.ts";

export const CONDEMNED_MS = 24 * 3600 * 1000;
/** A collection that would free more than this share of a vault waits for an admin's word … */
const BRAKE_SHARE = 0.2;
/** … unless it is little. */
const BRAKE_BYTES_MIN = 256 * 1024 * 1024;

export interface CollectOptions {
  /** Looks, and changes nothing. */
  readonly dryRun?: boolean | undefined;
  /** How long a condemned chunk waits. */
  readonly condemnedMs?: number | undefined;
  readonly brakeBytesMin?: number | undefined;
  /** Not beside a service that may start meanwhile: it would take the new packs for what a crash left. */
  readonly mayRepack?: boolean | undefined;
}

export type CollectReport = CollectCounts & {
  /** `busy`: a session is open, or one was opened meanwhile. `held`: more would go than may without an admin's word. */
  readonly outcome: "done" | "busy" | "held";
};

export interface CollectCounts {
  readonly vault: string;
  /** Distinct chunks that are needed, sealed. */
  referencedBytes: number;
  condemnedBytes: number;
  /** Now in the trash, and given back to the quota. */
  freedBytes: number;
  trashedPacks: number;
  /** In packs of which something else is still needed. */
  deadBytes: number;
}

export async function collectVault(
  domain: Domain,
  number: number,
  {
    dryRun = false,
    condemnedMs = CONDEMNED_MS,
    brakeBytesMin = BRAKE_BYTES_MIN,
    mayRepack = true,
  }: CollectOptions = {},
): Promise<CollectReport> {
  const { records, clock } = domain;
  const stand = await standOf(records, number);
  const counts: CollectCounts = { ...NOTHING, vault: stand.vault.id };
  if (stand.isBusy) return { ...counts, outcome: "busy" };
  await nameLinks(domain, stand.vault);
  const reachable = await mark(records, number, rootsOf(records, number));
  const sweepBefore = clock.now() - condemnedMs;
  const plan = await planOf(records, number, { reachable, sweepBefore });
  counts.referencedBytes = plan.referencedBytes;
  counts.deadBytes = plan.deadBytes;
  counts.condemnedBytes = plan.condemnBytes;
  if (dryRun) return { ...counts, freedBytes: plan.sweepBytes, trashedPacks: plan.sweepPacks, outcome: "done" };

  const { confirmedBytes } = await records.spaces.find(number);
  const isMuch = plan.condemnBytes > Math.max(plan.goodBytes * BRAKE_SHARE, brakeBytesMin - 1);
  if (isMuch && plan.condemnBytes > confirmedBytes) {
    await hold(domain, stand.vault, plan.condemnBytes);
    return { ...counts, condemnedBytes: 0, outcome: "held" };
  }
  const work = { domain, stand, reachable, sweepBefore, counts, plan };
  const isDone = (await condemn(work)) && (await sweep(work));
  if (!isDone) return { ...counts, outcome: "busy" };
  if (mayRepack) {
    const change = (run: (stores: RecordStores) => Promise<void>) => undisturbed(work, run);
    const repacked = await repack({ domain, vault: stand.vault, undisturbed: change }, () => packsOf(records, number));
    counts.freedBytes += repacked.freedBytes;
    counts.trashedPacks += repacked.packs;
  }
  const isLeft = plan.condemnBytes > 0 || plan.waiting > 0;
  const none = { heldBytes: null, heldAt: null, confirmedBytes: 0 };
  const measured = { referencedBytes: plan.referencedBytes, measuredAt: clock.now(), collectedAt: clock.now() };
  await records.transaction(async (stores) => {
    // What was committed meanwhile asks for another look.
    const isUndisturbed = await lockUndisturbed(stores, stand);
    await stores.spaces.change(number, { ...none, ...measured, isDue: isLeft || !isUndisturbed ? 1 : 0 });
  });
  return { ...counts, outcome: "done" };
}

async function hold(domain: Domain, vault: VaultRow, bytes: number): Promise<void> {
  await domain.records.transaction(async (stores) => {
    const at = domain.clock.now();
    await stores.spaces.change(vault.number, { heldBytes: bytes, heldAt: at, collectedAt: at });
    const machine = await stores.machines.findEvenDeleted(vault.machine);
    if (machine === undefined) return;
    const { id, name, organization, userGroup, account } = machine;
    const message = `A collection would free ${bytes} bytes of ${name}, more than a fifth of what it has, and waits for an admin's word.`;
    const about = { id, subject: name, organization, userGroup, account, machine: id };
    await openAlert(domain, stores, { ...about, kind: "collection.held", cause: "brake", message, detail: { bytes } });
  });
}

const NOTHING = { referencedBytes: 0, condemnedBytes: 0, freedBytes: 0, trashedPacks: 0, deadBytes: 0 };

interface Stand {
  readonly vault: VaultRow;
  readonly isBusy: boolean;
}

async function standOf(stores: RecordStores, number: number): Promise<Stand> {
  const vault = await stores.vaults.findByNumber(number);
  if (vault === undefined) throw new HoldfastError("machine/missing");
  return { vault, isBusy: (await stores.sessions.listOpen({ vault: number })).length > 0 };
}

/** In a transaction: whether no session was opened since. The vault's row is written, so that opening one waits for us. */
async function lockUndisturbed(stores: RecordStores, { vault }: Stand): Promise<boolean> {
  const now = await standOf(stores, vault.number);
  if (now.isBusy || now.vault.fence !== vault.fence) return false;
  await stores.vaults.change(vault.number, { fence: vault.fence });
  return true;
}

interface Work extends Judging {
  readonly domain: Domain;
  readonly stand: Stand;
  readonly counts: CollectCounts;
  readonly plan: Plan;
}

/** False: a session was opened. */
async function condemn(work: Work): Promise<boolean> {
  const { domain, stand, plan } = work;
  const at = domain.clock.now();
  const condemnIn = async (stores: RecordStores, pack: PackRow): Promise<void> => {
    const chunks = await stores.reach.chunksOf(pack.number);
    const verdicts = await judge(stores, stand.vault.number, chunks, work);
    const of = (wanted: Verdict) => chunks.filter((_, index) => verdicts[index] === wanted);
    const revived = of("needed").filter(({ condemnedAt, lostAt }) => condemnedAt !== null && lostAt === null);
    if (revived.length > 0)
      await stores.reach.revive(
        stand.vault.number,
        revived.map(({ id }) => id),
      );
    await stores.reach.condemn(
      pack.number,
      of("condemn").map(({ id }) => id),
      at,
    );
  };
  const pages = plan.toCondemn.filter(({ kind }) => kind === 1);
  const data = plan.toCondemn.filter(({ kind }) => kind === 0);
  // All pages at once: a page that is offered has everything below it.
  const arePagesDone = await undisturbed(work, async (stores) => {
    for (const pack of pages) await condemnIn(stores, pack);
  });
  if (!arePagesDone) return false;
  for (const pack of data) if (!(await undisturbed(work, (stores) => condemnIn(stores, pack)))) return false;
  return true;
}

/** Rows of what was condemned long enough go; a pack without any comes into the trash, and its room is free. */
async function sweep(work: Work): Promise<boolean> {
  const { domain, stand, counts, plan } = work;
  const { vault } = stand;
  for (const { number } of plan.toSweep) {
    let freedBytes = 0;
    const isDone = await undisturbed(work, async (stores) => {
      freedBytes = 0; // It may be done again.
      const pack = await stores.reach.findPack(number);
      if (pack === undefined || (pack.state !== "live" && pack.state !== "damaged")) return;
      const chunks = await stores.reach.chunksOf(number);
      const verdicts = await judge(stores, vault.number, chunks, work);
      const swept = chunks.filter((_, index) => verdicts[index] === "sweep");
      if (swept.length > 0)
        await stores.reach.dropChunks(
          number,
          swept.map(({ id }) => id),
        );
      const sweptBytes = swept.reduce((sum, { length }) => sum + length, 0);
      if (sweptBytes > 0) await stores.reach.changePack(number, { deadBytes: pack.deadBytes + sweptBytes });
      if (swept.length < chunks.length) return;
      await stores.reach.changePack(number, { state: "trash", stateAt: domain.clock.now() });
      await stores.quota.charge(vault.machine, -pack.sizeBytes);
      freedBytes = pack.sizeBytes;
    });
    if (!isDone) return false;
    counts.freedBytes += freedBytes;
    if (freedBytes > 0) counts.trashedPacks++;
  }
  return true;
}

/** Runs `change` in a transaction, unless a session was opened since the mark. */
async function undisturbed({ domain, stand }: Work, change: (stores: RecordStores) => Promise<void>): Promise<boolean> {
  return await domain.inTurn(`vault/${stand.vault.id}`, () =>
    domain.records.transaction(async (stores) => {
      if (!(await lockUndisturbed(stores, stand))) return false;
      await change(stores);
      return true;
    }),
  );
}

/** Rows of the first release don't say whose the links are; the pack's directory does. */
async function nameLinks({ records, blobs }: Domain, vault: VaultRow): Promise<void> {
  for (const number of await records.reach.listUnnamedLinks(vault.number)) {
    const pack = await records.reach.findPack(number);
    if (pack === undefined) continue;
    const frame = await readFrame(blobs, packName(vault.id, Buffer.from(pack.id).toString("hex")), pack.sizeBytes);
    for (const [position, { id, links }] of frame.chunks.entries())
      if (links.length > 0) await records.reach.nameLinks(number, position, id);
  }
}
