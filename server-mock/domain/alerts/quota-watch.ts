/** Notices when a level of the quota tree is used up or exceeded, and when there is room again. Looked at when a run ends. */
import { formatBytes } from "../../../base/format-bytes.ts";
import { bug } from "../../../protocol/errors.ts";
import type { AlertKind } from "../../../protocol/messages/alerts.ts";
import type { QuotaLevel, RecordStores } from "../../records/records.ts";
import type { AccountRow, MachineRow } from "../../records/rows.ts";
import { hardLimit, quotaLevels, quotaState } from "../backup/quota.ts";
import type { Domain } from "../domain.ts";
import { emit } from "../events/emit.ts";
import { queueMail } from "../mail/queue-mail.ts";
import { listAdmins } from "../mail/security-mails.ts";
import { closeAlert, openAlert } from "./alerts.ts";

/** A refused pack leaves a little room: what is missing to the hard limit when a backup can't be stored any more. */
const FULL_WITHIN_BYTES = 64 * 1024 * 1024;

/** In a transaction, after a run of the machine. */
export async function watchQuota(domain: Domain, stores: RecordStores, machine: MachineRow): Promise<void> {
  const account = await stores.accounts.find(machine.account);
  if (account === undefined) return bug("a machine without a user");
  for (const level of await quotaLevels(stores, machine)) {
    const holder = await holderOf(stores, level, machine, account);
    const state = stateOf(level, machine);
    for (const each of ["reached", "exceeded"] as const)
      if (each !== state) await closeAlert(domain, stores, kindOf(each), holder.id);
    if (state !== "below") await tell(domain, stores, { level, holder, state, account, machine });
  }
}

/** Red also where a hard limit has just refused a pack: it never lets anybody get beyond it. */
function stateOf(level: QuotaLevel, machine: MachineRow): "below" | "reached" | "exceeded" {
  const hard = hardLimit(level);
  const isFull =
    hard !== null && machine.lastFailureCode === "quota/exceeded" && hard - level.heldBytes < FULL_WITHIN_BYTES;
  return isFull ? "exceeded" : (level.limitBytes ?? 0) === 0 ? "below" : quotaState([level]);
}

const kindOf = (state: "reached" | "exceeded"): AlertKind => `quota.${state}`;

interface Holder {
  readonly id: string;
  /** "Machine den", "Group Sales". */
  readonly name: string;
}

async function holderOf(
  stores: RecordStores,
  { level }: QuotaLevel,
  machine: MachineRow,
  account: AccountRow,
): Promise<Holder> {
  switch (level) {
    case "machine":
      return { id: machine.id, name: `Machine ${machine.name}` };
    case "user":
      return { id: account.id, name: `User ${account.login}` };
    case "group":
      return { id: machine.userGroup, name: `Group ${(await stores.groups.find(machine.userGroup))?.name ?? ""}` };
    case "organization": {
      const organization = await stores.organizations.find(machine.organization);
      return { id: machine.organization, name: `Organization ${organization?.name ?? ""}` };
    }
  }
}

interface Matter {
  readonly level: QuotaLevel;
  readonly holder: Holder;
  readonly state: "reached" | "exceeded";
  readonly account: AccountRow;
  readonly machine: MachineRow;
}

async function tell(domain: Domain, stores: RecordStores, matter: Matter): Promise<void> {
  const { level, holder, state, account, machine } = matter;
  const { organization, userGroup } = machine;
  const hard = hardLimit(level);
  const [used, limit] = [formatBytes(level.usedBytes), formatBytes(level.limitBytes ?? 0)];
  const consequence = consequenceOf(state, hard);
  const below = level.level === "organization" ? {} : { userGroup };
  const own = level.level === "machine" || level.level === "user" ? { account: account.id } : {};
  const isNew = await openAlert(domain, stores, {
    organization,
    kind: kindOf(state),
    id: holder.id,
    subject: holder.name,
    cause: level.level,
    message: `${holder.name} uses ${used} of ${limit}. ${consequence}`,
    ...below,
    ...own,
    ...(level.level === "machine" ? { machine: machine.id } : {}),
  });
  if (!isNew) return;
  const detail = { level: level.level, what: holder.name, usedBytes: level.usedBytes, limitBytes: level.limitBytes };
  await emit(domain, stores, { organization, kind: kindOf(state) as "quota.reached", ...below, ...own, detail }); // Both kinds are events.
  const values = { what: holder.name, used, limit, consequence };
  const letter = state === "reached" ? "quota-reached" : "quota-exceeded";
  for (const reader of await readersOf(stores, matter)) await queueMail(domain, stores, reader, letter, { values });
}

function consequenceOf(state: "reached" | "exceeded", hard: number | null): string {
  if (hard === null) return "Backups go on: the limit is told, and stops nobody.";
  return state === "reached"
    ? `Backups go on up to ${formatBytes(hard)}.`
    : `At ${formatBytes(hard)} backups fail until there is room. Nothing that is stored is touched.`;
}

/** Admins always; the user if it is about them, and their business notifications are on. */
async function readersOf(stores: RecordStores, { level, account, machine }: Matter): Promise<AccountRow[]> {
  const admins = await listAdmins(stores, machine.organization);
  const isTheirs = level.level === "machine" || level.level === "user";
  const isTold = isTheirs && account.businessNotifications === 1 && account.role === "user";
  return isTold ? [account, ...admins] : admins;
}
