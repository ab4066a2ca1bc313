/** Where this machine's local copy belongs: as its own settings say, or else a Local schedule of the policy. */
import { HoldfastError } from "../../protocol/errors.ts";
import type { Schedule } from "../../protocol/messages/policies.ts";
import { type LocalCopy, localCopy } from "../settings/work.ts";

/** As far as a configuration must say it (agent/config). */
export interface WhereCopies {
  readonly local: { readonly value: LocalCopy | undefined };
  readonly locations: { readonly value: "local-and-cloud" | "cloud-only" };
  readonly schedules: { readonly value: readonly Schedule[] };
}

export function findCopySettings({ local, locations, schedules }: WhereCopies): LocalCopy | undefined {
  if (locations.value === "cloud-only") return undefined;
  if (local.value) return local.value;
  for (const schedule of schedules.value)
    if (schedule.type === "Local") return localCopy.parse({ folder: schedule.folder });
  return undefined;
}

/** Throws `location/cloud-only`, `local/not-set`. */
export function copySettings(config: WhereCopies): LocalCopy {
  if (config.locations.value === "cloud-only") throw new HoldfastError("location/cloud-only");
  const found = findCopySettings(config);
  if (!found) throw new HoldfastError("local/not-set");
  return found;
}
