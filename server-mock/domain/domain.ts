/** What every rule of the service works with. Made once, in `service.ts`. */
import type { Clock } from "../../base/clock.ts";
import type { Random } from "../../base/random.ts";
import type { Blobs } from "../blobs/blobs.ts";
import type { Records } from "../records/records.ts";
import type { Lockouts } from "./access/lockouts.ts";
import type { Passwords } from "./access/passwords.ts";
import type { OneAtATime } from "./one-at-a-time.ts";
import type { Outside } from "./outside.ts";
import type { Processes } from "./processes.ts";
import type { ServiceKeys } from "./service-keys.ts";

export interface Domain {
  readonly records: Records;
  readonly blobs: Blobs;
  readonly clock: Clock;
  readonly random: Random;
  /** A fresh row id: a UUID that sorts behind every earlier one. */
  readonly newId: () => string;
  readonly passwords: Passwords;
  readonly lockouts: Lockouts;
  readonly keys: ServiceKeys;
  /** Work on one vault or one pack, each in its turn. Takes `vault/<id>` before `pack/<id>`, never the other way round. */
  readonly inTurn: OneAtATime;
  readonly outside: Outside;
  readonly processes: Processes;
}
