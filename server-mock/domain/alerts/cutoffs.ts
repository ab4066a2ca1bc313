/** From when on machines count as late or offline. */
import type { RecordStores, Scope } from "../../records/records.ts";
import type { OrganizationRow } from "../../records/rows.ts";
import type { Cutoffs } from "../../records/watch.ts";
import type { Domain } from "../domain.ts";
import { effectiveSettings, settingsOf } from "../people/settings.ts";

const DAY_MS = 24 * 3_600_000;
const PAGE = 500;

/** When machines are overdue: groups may say otherwise than their organization, and organizations otherwise than the default. */
export async function cutoffsOf({ clock }: Domain, stores: RecordStores, scope: Scope): Promise<Cutoffs> {
  const cutoff = (days: number) => clock.now() - days * DAY_MS;
  const usual = settingsOf({ settings: "{}" }).overdueDays;
  const byDays = new Map<number, string[]>();
  const organizations = new Map<string, OrganizationRow | undefined>();
  for (let after: string | undefined; ; ) {
    const groups = await stores.groups.list({ limit: PAGE, after }, scope);
    for (const group of groups) {
      if (!organizations.has(group.organization))
        organizations.set(group.organization, await stores.organizations.find(group.organization));
      const organization = organizations.get(group.organization);
      if (organization === undefined) continue;
      const { overdueDays } = effectiveSettings(organization, group);
      if (overdueDays !== usual) byDays.set(overdueDays, [...(byDays.get(overdueDays) ?? []), group.id]);
    }
    after = groups.at(-1)?.id;
    if (groups.length < PAGE) break;
  }
  return { otherwise: cutoff(usual), byGroup: [...byDays].map(([days, groups]) => ({ at: cutoff(days), groups })) };
}
