/** What an edition has. Home is personal: one log-in, at most five machines; Pro and Enterprise have users and groups. */
import { HoldfastError } from "../../../protocol/errors.ts";
import type { RecordStores } from "../../records/records.ts";
import type { Edition, OrganizationRow } from "../../records/rows.ts";
import { settingsOf } from "./settings.ts";

export const HOME_MACHINES_MAX = 5;

/** Throws `edition/not-allowed`. */
export function checkHasUsers({ edition }: Pick<OrganizationRow, "edition">): void {
  if (edition === "home") throw new HoldfastError("edition/not-allowed", { edition, feature: "further users" });
}

/** Throws `edition/not-allowed`, also where an organization has turned user groups off. */
export function checkHasGroups(organization: Pick<OrganizationRow, "edition" | "settings">): void {
  const { edition } = organization;
  if (edition === "home" || !settingsOf(organization).userGroups)
    throw new HoldfastError("edition/not-allowed", { edition, feature: "user groups" });
}

/** Before an organization gets another edition. Throws `edition/too-small`. */
export async function checkEdition(stores: RecordStores, organization: string, edition: Edition): Promise<void> {
  if (edition !== "home") return;
  const tooSmall = (reason: string) => new HoldfastError("edition/too-small", { edition, reason });
  const accounts = await stores.tree.countAccounts(organization);
  if (accounts > 1) throw tooSmall(`it has ${accounts} log-ins, and one is allowed`);
  const groups = await stores.tree.countGroups(organization);
  if (groups > 1) throw tooSmall(`it has ${groups} user groups, and one is allowed`);
  const { desktop, server } = await stores.tree.countMachines({ organization });
  const machines = desktop.real + desktop.virtual + server.real + server.virtual;
  if (machines > HOME_MACHINES_MAX) throw tooSmall(`it has ${machines} machines, and ${HOME_MACHINES_MAX} are allowed`);
}
