/** Routes for people: organizations, users, machines, product keys, audit. */
import { actorOf, getMachine, getUser, ownOrganization } from "../domain/access.ts";
import type { Domain } from "../domain/domain.ts";
import { listBackups, listRestores, listSnapshots } from "../domain/history.ts";
import { changeMachine, listMachines } from "../domain/machines.ts";
import { createOrganization, listOrganizations } from "../domain/organizations.ts";
import { createProductKeys, listProductKeys, revokeProductKey } from "../domain/product-keys.ts";
import { changeUser, createUser, listUsers } from "../domain/users.ts";
import { viewMachine, viewOrganization, viewUser } from "../domain/views.ts";
import type { ServiceHandlers } from "./handlers.ts";

export const consoleHandlers = (domain: Domain) =>
  ({
    listOrganizations: ({ query }) => listOrganizations(domain, query),
    createOrganization: async ({ caller, body, address }) => {
      const { organization } = await createOrganization(domain, body, actorOf(caller, address));
      return await viewOrganization(domain.records, organization);
    },
    listUsers: ({ caller, query }) => listUsers(domain, caller, query),
    createUser: async ({ caller, body, address }) => {
      const organization = ownOrganization(caller, "create users");
      const user = await createUser(domain, organization, body, actorOf(caller, address));
      return await viewUser(domain.records, user);
    },
    changeUser: ({ caller, params, body, address, ifMatch }) =>
      changeUser(domain, caller, { ...params, ...body, ifMatch }, address),
    listMachines: ({ caller, query }) => listMachines(domain, caller, query),
    getMachine: async ({ caller, params }) => {
      const { machine } = await getMachine(domain.records, caller, params.machine);
      return await viewMachine(domain.records, machine);
    },
    changeMachine: ({ caller, params, body, address, ifMatch }) =>
      changeMachine(domain, caller, { ...params, ...body, ifMatch }, address),
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
    listProductKeys: ({ caller, query }) => listProductKeys(domain, caller.scope, query),
    createProductKeys: async ({ caller, body, address }) => {
      const organization = ownOrganization(caller, "create product keys");
      const user = await getUser(domain.records, caller, body.user);
      const wanted = { for: user, organization, kind: body.kind, count: body.count };
      return { keys: await createProductKeys(domain, wanted, actorOf(caller, address)) };
    },
    revokeProductKey: async ({ caller, params, address }) => {
      await revokeProductKey(domain, params.key, { ...actorOf(caller, address), scope: caller.scope });
      return {};
    },
  }) satisfies Partial<ServiceHandlers>;
