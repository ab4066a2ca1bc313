/** Jobs of retention, collection and scrubbing. */
import type { Domain } from "../domain/domain.ts";
import { collectAll, pruneAll } from "../domain/space/all-vaults.ts";
import { keepCards } from "../domain/space/cards.ts";
import { settleDamages } from "../domain/space/damage.ts";
import { scrub } from "../domain/space/scrub.ts";
import { emptyTrash } from "../domain/space/trash.ts";
import type { NotedJob } from "./noted.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

export const spaceJobs = (domain: Domain): readonly NotedJob[] => [
  { name: "prune", everyMs: 6 * HOUR_MS, run: (signal) => pruneAll(domain, signal) },
  { name: "collect", everyMs: HOUR_MS, run: (signal) => collectAll(domain, { signal }) },
  { name: "empty-trash", everyMs: HOUR_MS, run: async () => ({ removed: await emptyTrash(domain) }) },
  {
    name: "scrub",
    everyMs: HOUR_MS,
    run: async (signal) => {
      const { packs, records, bytes, damaged } = await scrub(domain, { signal });
      return { packs, records, bytes, damaged: damaged.length };
    },
  },
  { name: "settle-damages", everyMs: 5 * MINUTE_MS, run: async () => ({ healed: await settleDamages(domain) }) },
  { name: "vault-cards", everyMs: 24 * HOUR_MS, run: (signal) => keepCards(domain, signal) },
];
