/** Routes for people: organizations, users, machines, product keys, audit. */
import { getMachine, getUser, ownOrganization, requireRole, scopeOf } from "../domain/access.ts";
import { changeUser, createOrganization, createUser, listOrganizations, listUsers } from "../domain/accounts.ts";
import type { ConsoleCaller } from "../domain/callers.ts";
import type { Domain } from "../domain/domain.ts";
import { listAudit, listBackups, listRestores, listSnapshots } from "../domain/history.ts";
import { changeMachine, listMachines } from "../domain/machines.ts";
import { createProductKeys, listProductKeys, revokeProductKey } from "../domain/product-keys.ts";
import { viewMachine, viewUser } from "../domain/views.ts";
import type { ServiceHandlers } from "./handlers.ts";

export const consoleHandlers = (domain: Domain) =>
  ({
    listOrganizations: ({ caller, query }) => listOrganizations(domain, caller, query),
    createOrganization: async ({ caller, body, address }) => {
      requireRole(caller, ["owner"], "create organizations");
      return (await createOrganization(domain, body, actorOf(caller, address))).organization;
    },
    listUsers: ({ caller, query }) => listUsers(domain, caller, query),
    createUser: async ({ caller, body, address }) => {
      const organization = ownOrganization(caller, "create users");
      const user = await createUser(domain, organization, body, actorOf(caller, address));
      return await viewUser(domain.records, user);
    },
    changeUser: ({ caller, params, body, address }) => changeUser(domain, caller, { ...params, ...body }, address),
    listMachines: ({ caller, query }) => listMachines(domain, caller, query),
    getMachine: async ({ caller, params }) => {
      const { machine } = await getMachine(domain.records, caller, params.machine);
      return await viewMachine(domain.records, machine);
    },
    changeMachine: ({ caller, params, body, address }) =>
      changeMachine(domain, caller, { ...params, ...body }, address),
    listBackups: async ({ caller, params, query }) => {
      const { machine } = await getMachine(domain.records, caller, params.machine);
      return await listBackups(domain, machine.id, query);
    },
    listRestores: async ({ caller, params, query }) => {
      const { machine } = await getMachine(domain.records, caller, params.machine);
      return await listRestores(domain, machine.id, query);
    },
    listMachineSnapshots: async ({ caller, params, query }) => {
      const { vault } = await getMachine(domain.records, caller, params.machine);
      return await listSnapshots(domain, vault.number, query);
    },
    listProductKeys: ({ caller, query }) => {
      requireRole(caller, ["admin", "owner"], "see product keys");
      return listProductKeys(domain, scopeOf(caller), query);
    },
    createProductKeys: async ({ caller, body, address }) => {
      const organization = ownOrganization(caller, "create product keys");
      const user = await getUser(domain.records, caller, body.user);
      const wanted = { for: user, organization, kind: body.kind, count: body.count };
      return { keys: await createProductKeys(domain, wanted, actorOf(caller, address)) };
    },
    revokeProductKey: async ({ caller, params, address }) => {
      requireRole(caller, ["admin", "owner"], "revoke product keys");
      const { organization } = scopeOf(caller);
      await revokeProductKey(domain, params.key, { ...actorOf(caller, address), organization });
      return {};
    },
    listAudit: ({ caller, query }) => listAudit(domain, caller, query),
  }) satisfies Partial<ServiceHandlers>;

const actorOf = ({ account }: ConsoleCaller, address: string) => ({ actor: account.email, address });
