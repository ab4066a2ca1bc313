/** Opens what the rules work on: database, storage and keys of a data folder. */
import { type Clock, systemClock } from "../base/clock.ts";
import { type Random, systemRandom } from "../base/random.ts";
import { fileBlobs } from "./blobs/file-blobs.ts";
import { databasePath, makeDataFolder, openKeys, storagePath } from "./data-folder.ts";
import type { Domain } from "./domain/domain.ts";
import { lockouts } from "./domain/lockouts.ts";
import { oneAtATime } from "./domain/one-at-a-time.ts";
import { type PasswordCost, passwords } from "./domain/passwords.ts";
import { rowIds } from "./domain/row-ids.ts";
import { sqliteRecords } from "./records/sql/sql-records.ts";

export interface OpenOptions {
  readonly clock?: Clock | undefined;
  readonly random?: Random | undefined;
  /** For tests: the real one takes a fifth of a second for each log-in. */
  readonly passwordCost?: PasswordCost | undefined;
  readonly freeBytesMin?: number | undefined;
}

/** For commands that only look at rows, beside a running service. */
export async function openDomain(data: string, options: OpenOptions = {}): Promise<Domain> {
  const { clock = systemClock, random = systemRandom } = options;
  await makeDataFolder(data);
  const records = sqliteRecords(databasePath(data));
  try {
    return {
      records,
      blobs: fileBlobs({ folder: storagePath(data), random, freeBytesMin: options.freeBytesMin }),
      clock,
      random,
      newId: rowIds(clock, random),
      passwords: passwords(random, options.passwordCost),
      lockouts: lockouts(clock),
      keys: await openKeys(data, { random, isNew: (await records.organizations.count()) === 0 }),
      inTurn: oneAtATime(),
    };
  } catch (error) {
    await records.close();
    throw error;
  }
}
