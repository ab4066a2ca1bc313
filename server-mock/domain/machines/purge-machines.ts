/** Purging deleted machines: by a person who types the name, or when the time to come back is over. */
import { HoldfastError } from "../../../protocol/errors.ts";
import type { RecordStores } from "../../records/records.ts";
import type { MachineRow, VaultRow } from "../../records/rows.ts";
import { actorOf, getMachine } from "../access/access.ts";
import type { ConsoleCaller } from "../access/callers.ts";
import type { Domain } from "../domain.ts";
import { type AuditActor, audit } from "../records/audit.ts";
import { purge, undeletableUntil } from "./delete-machines.ts";

const PAGE = 100;

/** `confirm`: the machine's name, as the person typed it. */
export async function purgeMachine(
  domain: Domain,
  caller: ConsoleCaller,
  order: { machine: string; confirm: string },
  address: string,
): Promise<void> {
  await domain.records.transaction(async (stores) => {
    const { machine, vault } = await getMachine(stores, caller, order.machine, { evenDeleted: true });
    if (machine.deletedAt === null) throw new HoldfastError("machine/not-deleted", { machine: machine.name });
    if (order.confirm.trim() !== machine.name.trim())
      throw new HoldfastError("confirmation/wrong", { name: machine.name });
    await purgeAudited(domain, stores, { machine, vault }, actorOf(caller, address));
  });
}

/** Those on legal hold wait. Harmless at any time, twice, and when it is cut. */
export async function purgeExpired(domain: Domain): Promise<void> {
  const { records, clock } = domain;
  for (let after: MachineRow | undefined; ; ) {
    const page = await records.machines.listDeleted({ before: clock.now(), limit: PAGE, after });
    for (const { id } of page)
      await records.transaction(async (stores) => {
        const machine = await stores.machines.findEvenDeleted(id);
        const vault = await stores.vaults.findByMachine(id);
        if (machine === undefined || vault === undefined || !(await isDue(domain, stores, machine))) return;
        await purgeAudited(domain, stores, { machine, vault }, { actor: "service" });
      });
    after = page.at(-1);
    if (page.length < PAGE) return;
  }
}

async function isDue({ clock }: Domain, stores: RecordStores, machine: MachineRow): Promise<boolean> {
  const { deletedAt, purgedAt, organization, account, id } = machine;
  if (deletedAt === null || purgedAt !== null) return false;
  if (await stores.holds.isHeld([organization, account, id])) return false;
  return (await undeletableUntil(stores, machine)) <= clock.now();
}

async function purgeAudited(
  domain: Domain,
  stores: RecordStores,
  { machine, vault }: { machine: MachineRow; vault: VaultRow },
  by: AuditActor,
): Promise<void> {
  await purge(domain, stores, machine, vault);
  const act = { organization: machine.organization, account: machine.account, action: "machines/purge" };
  await audit(domain, stores, { ...by, ...act, subject: machine.name });
}
