/** Opens what the rules work on: database, storage and keys. */
import { type Clock, systemClock } from "../base/clock.ts";
import { type Random, systemRandom } from "../base/random.ts";
import { HoldfastError } from "../protocol/errors.ts";
import type { Blobs } from "./blobs/blobs.ts";
import { configWith } from "./config.ts";
import { databasePath, makeDataFolder, openKeys } from "./data-folder.ts";
import { lockouts } from "./domain/access/lockouts.ts";
import { type PasswordCost, passwords } from "./domain/access/passwords.ts";
import type { Domain } from "./domain/domain.ts";
import type { Outside } from "./domain/outside.ts";
import { rowIds } from "./domain/row-ids.ts";
import { keysFingerprint } from "./domain/service-keys.ts";
import type { Engines } from "./engines.ts";
import { openEngines } from "./open-engines.ts";
import { openOutside } from "./open-outside.ts";
import { HALF_MOVED, KEYS_FACT } from "./records/cluster.ts";

export interface OpenOptions {
  readonly clock?: Clock | undefined;
  readonly random?: Random | undefined;
  /** For tests: the real one takes a fifth of a second for each log-in. */
  readonly passwordCost?: PasswordCost | undefined;
  readonly freeBytesMin?: number | undefined;
  /** The database may be new although the storage has backups: `rebuild` will take them up. The keys must be there. */
  readonly mayAdopt?: boolean | undefined;
  /** Where mails and webhooks leave; as the settings' defaults have it unless given. */
  readonly outside?: Outside | undefined;
  /** SQLite and a folder unless given. */
  readonly engines?: Engines | undefined;
}

/** For the service, and for commands that look at its rows beside it. */
export async function openDomain(data: string, options: OpenOptions = {}): Promise<Domain> {
  const { clock = systemClock, random = systemRandom, engines = {}, freeBytesMin } = options;
  await makeDataFolder(data);
  const { records, blobs, inTurn, processes } = await openEngines({ data, engines, clock, random, freeBytesMin });
  try {
    const database = engines.databaseUrl === undefined ? `the database ${databasePath(data)}` : "the database";
    if ((await records.cluster.findFact(HALF_MOVED)) !== undefined)
      throw unusable(database, "not all has been moved into it; run `holdfast-server migrate-storage` again");
    const isNew = (await records.organizations.count()) === 0;
    const isAdopting = options.mayAdopt === true && !(await isEmpty(blobs));
    if (isNew && !isAdopting && !(await isEmpty(blobs)))
      throw unusable(database, "it is new, but the storage has backups; bring the database back from its copy");
    const keys = await openKeys(data, { random, isNew: isNew && !isAdopting, folder: engines.keys });
    // Of several processes with keys of their own, what one seals the others could not open.
    const fingerprint = keysFingerprint(keys);
    if ((await records.cluster.fact(KEYS_FACT, fingerprint)) !== fingerprint)
      throw unusable("the service's keys", `they are not those that ${database} was made with; bring those here`);
    return {
      records,
      blobs,
      clock,
      random,
      newId: rowIds(clock, random),
      passwords: passwords(random, options.passwordCost),
      lockouts: lockouts(clock, records),
      keys,
      inTurn,
      outside: options.outside ?? openOutside(configWith({})),
      processes,
    };
  } catch (error) {
    await records.close();
    throw error;
  }
}

async function isEmpty(blobs: Blobs): Promise<boolean> {
  for await (const _ of blobs.list("records")) return false;
  return true;
}

const unusable = (setting: string, reason: string): HoldfastError =>
  new HoldfastError("config/invalid", { setting, reason });
