/** Machines, as people manage them: see, suspend, limit, and give back their keys. */
import { HoldfastError } from "../../protocol/errors.ts";
import type { MachineView, RecoverRequest, RegisterResponse } from "../../protocol/messages/machines.ts";
import type { MachineRow } from "../records/rows.ts";
import { actorOf, getMachine } from "./access.ts";
import { audit } from "./audit.ts";
import type { ConsoleCaller } from "./callers.ts";
import type { Domain } from "./domain.ts";
import { checkLimit, machineLimitAllowed } from "./limits.ts";
import { type ListQuery, type Page, pageOf } from "./pages.ts";
import { closeUnheard } from "./sessions.ts";
import { giveToken } from "./tokens.ts";
import { checkVersion } from "./versions.ts";
import { viewMachine } from "./views.ts";

export const listMachines = (
  { records }: Domain,
  caller: ConsoleCaller,
  query: ListQuery,
): Promise<Page<MachineView>> =>
  pageOf(
    query,
    (page) => records.machines.list(page, caller.scope),
    (row) => viewMachine(records, row),
  );

export async function changeMachine(
  domain: Domain,
  caller: ConsoleCaller,
  change: {
    machine: string;
    state?: MachineRow["state"] | undefined;
    limitBytes?: number | null | undefined;
    ifMatch: number | undefined;
  },
  address: string,
): Promise<MachineView> {
  return await domain.records.transaction(async (stores) => {
    const { machine } = await getMachine(stores, caller, change.machine);
    checkVersion(machine, change.ifMatch);
    const { state = machine.state, limitBytes = machine.limitBytes } = change;
    if (change.limitBytes !== undefined)
      checkLimit(change.limitBytes, await machineLimitAllowed(stores, machine), "user");
    const columns = { state, limitBytes, version: machine.version + 1 };
    await stores.machines.change(machine.id, columns);
    const act = { organization: machine.organization, account: machine.account, action: "machines/change" };
    const detail = JSON.stringify({ state: change.state, limitBytes: change.limitBytes });
    await audit(domain, stores, { ...actorOf(caller, address), ...act, subject: machine.name, detail });
    return await viewMachine(stores, { ...machine, ...columns });
  });
}

/** The machine's keys were lost, its person was not: a new agent token and machine key; the old ones end. */
export async function recover(
  domain: Domain,
  caller: ConsoleCaller,
  request: RecoverRequest,
  address: string,
): Promise<RegisterResponse> {
  return await domain.records.transaction(async (stores) => {
    const { machine, vault } = await getMachine(stores, caller, request.machine);
    if (machine.state === "suspended") throw new HoldfastError("machine/suspended");
    const { facts } = request;
    if (facts.kind !== machine.kind)
      throw new HoldfastError("product-key/wrong-type", { keyType: machine.kind, machineType: facts.kind });
    for (const session of await stores.sessions.listOpen({ vault: vault.number }))
      await closeUnheard(domain, stores, session, "fenced");
    await stores.vaults.change(vault.number, {
      signer: Buffer.from(request.signer, "base64"),
      signerProof: Buffer.from(request.signerProof, "base64"),
      fence: vault.fence + 1,
    });
    const { name, os, fingerprint, agentVersion } = facts;
    await stores.machines.change(machine.id, { name, os, fingerprint, agentVersion, virtual: facts.virtual ? 1 : 0 });
    await stores.tokens.removeOf({ machine: machine.id, audience: "agent" });
    const act = { organization: machine.organization, account: machine.account, action: "machines/recover" };
    await audit(domain, stores, { ...actorOf(caller, address), ...act, subject: name });
    const organization = await stores.organizations.find(machine.organization);
    const account = await stores.accounts.find(machine.account);
    const token = await giveToken(domain, stores, { audience: "agent", machine: machine.id });
    return { machine: machine.id, token, organization: organization?.name ?? "", user: account?.login ?? "" };
  });
}
