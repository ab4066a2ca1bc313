/** The one place where things that happen are noted: a row in the transaction of the act, of which `handle-events.ts` makes mails and webhooks. */
import type { EventKind } from "../../../protocol/events.ts";
import type { RecordStores } from "../../records/records.ts";
import type { Domain } from "../domain.ts";

export interface Happening {
  readonly organization: string;
  readonly kind: EventKind;
  readonly machine?: string | undefined;
  /** Whom it concerns; of a machine its user. */
  readonly account?: string | undefined;
  /** Absent: the account's. */
  readonly userGroup?: string | undefined;
  /** Goes to webhooks as it is: names, counts, codes; no secrets. */
  readonly detail?: Readonly<Record<string, string | number | boolean | null>>;
}

export async function emit(domain: Domain, stores: RecordStores, happening: Happening): Promise<void> {
  const { organization, kind, machine = null, account = null, detail = {} } = happening;
  const { userGroup = account === null ? null : ((await stores.accounts.find(account))?.userGroup ?? null) } =
    happening;
  await stores.events.insert({
    id: domain.newId(),
    organization,
    kind,
    at: domain.clock.now(),
    machine,
    account,
    userGroup,
    detail: JSON.stringify(detail),
    handledAt: null,
  });
}
