/** Days as people count them: in their organization's time zone. */
import type { RecordStores } from "../../records/records.ts";
import { settingsOf } from "../people/settings.ts";

/** UTC for whoever sees all organizations. */
export async function zoneOf(stores: RecordStores, organization: string | undefined): Promise<string> {
  const row = organization === undefined ? undefined : await stores.organizations.find(organization);
  return row === undefined ? "UTC" : settingsOf(row).timeZone;
}

const zoned = (at: number, timeZone: string) => Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone);

/** When the day of an instant began. */
export const midnight = (at: number, timeZone: string): number => zoned(at, timeZone).startOfDay().epochMilliseconds;

/** `2026-11-22` */
export const dateOf = (at: number, timeZone: string): string => zoned(at, timeZone).toPlainDate().toString();

/** When the day began that lies so many days before the one of an instant. */
export const daysBefore = (at: number, days: number, timeZone: string): number =>
  zoned(at, timeZone).startOfDay().subtract({ days }).startOfDay().epochMilliseconds;
