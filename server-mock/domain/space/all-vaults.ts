/** What is done about space unasked, over all vaults. Harmless when cut anywhere or run twice. */
import { HoldfastError } from "../../../protocol/errors.ts";
import type { Domain } from "../domain.ts";
import { type CollectCounts, type CollectOptions, collectVault } from "./collect.ts";
import { pruneVault } from "./prune.ts";

const VAULTS_PER_QUERY = 500;
/** A vault in which something changes all day is collected once. */
const COLLECT_EVERY_MS = 20 * 3600 * 1000;

export async function pruneAll(domain: Domain, signal?: AbortSignal): Promise<{ pruned: number; gone: number }> {
  const report = { pruned: 0, gone: 0 };
  for (let after = 0; ; ) {
    const numbers = await domain.records.spaces.listVaults(after, VAULTS_PER_QUERY);
    for (const number of numbers) {
      if (signal?.aborted) return report;
      const { pruned, gone } = await pruneVault(domain, number);
      report.pruned += pruned;
      report.gone += gone;
    }
    after = numbers.at(-1) ?? 0;
    if (numbers.length < VAULTS_PER_QUERY) return report;
  }
}

export interface CollectAllReport {
  vaults: number;
  busy: number;
  held: number;
  condemnedBytes: number;
  freedBytes: number;
  trashedPacks: number;
}

export interface CollectAllOptions {
  readonly signal?: AbortSignal | undefined;
  readonly dryRun?: boolean | undefined;
  readonly mayRepack?: boolean | undefined;
  /** Also vaults that were looked at today, or in which nothing has changed. */
  readonly all?: boolean | undefined;
  readonly onVault?: ((counts: CollectCounts) => void) | undefined;
}

export async function collectAll(domain: Domain, options: CollectAllOptions = {}): Promise<CollectAllReport> {
  const { signal, dryRun, mayRepack, all = false, onVault } = options;
  const { spaces } = domain.records;
  const report = { vaults: 0, busy: 0, held: 0, condemnedBytes: 0, freedBytes: 0, trashedPacks: 0 };
  for (let after = 0; ; ) {
    const numbers = await (all ? spaces.listVaults(after, VAULTS_PER_QUERY) : spaces.listDue(after, VAULTS_PER_QUERY));
    for (const number of numbers) {
      if (signal?.aborted) return report;
      if (!all && !(await isTime(domain, number))) continue;
      const counts = await collectIfThere(domain, number, { dryRun, mayRepack });
      if (counts === undefined) continue;
      report.vaults++;
      if (counts.outcome === "busy") report.busy++;
      if (counts.outcome === "held") report.held++;
      report.condemnedBytes += counts.condemnedBytes;
      report.freedBytes += counts.freedBytes;
      report.trashedPacks += counts.trashedPacks;
      onVault?.(counts);
    }
    after = numbers.at(-1) ?? 0;
    if (numbers.length < VAULTS_PER_QUERY) return report;
  }
}

async function isTime({ records, clock }: Domain, number: number): Promise<boolean> {
  const { collectedAt, confirmedBytes } = await records.spaces.find(number);
  return collectedAt === null || confirmedBytes > 0 || collectedAt < clock.now() - COLLECT_EVERY_MS;
}

async function collectIfThere(domain: Domain, number: number, options: CollectOptions) {
  try {
    return await collectVault(domain, number, options);
  } catch (error) {
    if (error instanceof HoldfastError && error.code === "machine/missing") return undefined; // Gone meanwhile.
    throw error;
  }
}
