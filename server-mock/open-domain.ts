/** Opens what the rules work on: database, storage and keys of a data folder. */
import { type Clock, systemClock } from "../base/clock.ts";
import { type Random, systemRandom } from "../base/random.ts";
import { isDamage } from "../base/sqlite.ts";
import { HoldfastError } from "../protocol/errors.ts";
import type { Blobs } from "./blobs/blobs.ts";
import { fileBlobs } from "./blobs/file-blobs.ts";
import { configWith } from "./config.ts";
import { databasePath, makeDataFolder, openKeys, storagePath } from "./data-folder.ts";
import type { Domain } from "./domain/domain.ts";
import { lockouts } from "./domain/lockouts.ts";
import { oneAtATime } from "./domain/one-at-a-time.ts";
import type { Outside } from "./domain/outside.ts";
import { type PasswordCost, passwords } from "./domain/passwords.ts";
import { rowIds } from "./domain/row-ids.ts";
import { openOutside } from "./open-outside.ts";
import type { Records } from "./records/records.ts";
import { sqliteRecords } from "./records/sql/sql-records.ts";

export interface OpenOptions {
  readonly clock?: Clock | undefined;
  readonly random?: Random | undefined;
  /** For tests: the real one takes a fifth of a second for each log-in. */
  readonly passwordCost?: PasswordCost | undefined;
  readonly freeBytesMin?: number | undefined;
  /** Where mails and webhooks leave; as the settings' defaults have it unless given. */
  readonly outside?: Outside | undefined;
}

/** For commands that only look at rows, beside a running service. */
export async function openDomain(data: string, options: OpenOptions = {}): Promise<Domain> {
  const { clock = systemClock, random = systemRandom } = options;
  await makeDataFolder(data);
  const records = openRecords(databasePath(data));
  try {
    const isNew = (await records.organizations.count()) === 0;
    const blobs = fileBlobs({ folder: storagePath(data), random, freeBytesMin: options.freeBytesMin });
    if (isNew && !(await isEmpty(blobs)))
      throw unusable(
        databasePath(data),
        "it is new, but the storage has backups; bring the database back from its copy",
      );
    return {
      records,
      blobs,
      clock,
      random,
      newId: rowIds(clock, random),
      passwords: passwords(random, options.passwordCost),
      lockouts: lockouts(clock, records),
      keys: await openKeys(data, { random, isNew }),
      inTurn: oneAtATime(),
      outside: options.outside ?? openOutside(configWith({})),
    };
  } catch (error) {
    await records.close();
    throw error;
  }
}

function openRecords(path: string): Records {
  try {
    return sqliteRecords(path);
  } catch (error) {
    if (!isDamage(error)) throw error;
    throw unusable(path, "it is damaged; bring it back from its copy", error);
  }
}

async function isEmpty(blobs: Blobs): Promise<boolean> {
  for await (const _ of blobs.list("records")) return false;
  return true;
}

const unusable = (path: string, reason: string, cause?: unknown): HoldfastError =>
  new HoldfastError("config/invalid", { setting: `the database ${path}`, reason }, { cause });
