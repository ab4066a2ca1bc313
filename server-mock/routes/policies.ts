/** Client configuration: at the console, and for agents. */
import type { Domain } from "../domain/domain.ts";
import { getPolicy, putPolicy } from "../domain/policies/policies.ts";
import { getEffectivePolicy, listPolicyReceipts, ownConfiguration, takePolicy } from "../domain/policies/receipts.ts";
import type { ServiceHandlers } from "./handlers.ts";

export const policyHandlers = (domain: Domain) =>
  ({
    getPolicy: ({ caller, params }) => getPolicy(domain, caller, params),
    putPolicy: ({ caller, params, body, ifMatch, address }) =>
      putPolicy(domain, caller, { place: params, ...body, ifMatch }, address),
    getGroupPolicy: ({ caller, params }) => getPolicy(domain, caller, params),
    putGroupPolicy: ({ caller, params, body, ifMatch, address }) =>
      putPolicy(domain, caller, { place: params, ...body, ifMatch }, address),
    getMachinePolicy: ({ caller, params }) => getPolicy(domain, caller, params),
    putMachinePolicy: ({ caller, params, body, ifMatch, address }) =>
      putPolicy(domain, caller, { place: params, ...body, ifMatch }, address),
    getEffectivePolicy: ({ caller, params }) => getEffectivePolicy(domain, caller, params.machine),
    listPolicyReceipts: ({ caller, query }) => listPolicyReceipts(domain, caller, query),
    ownPolicy: ({ caller, query }) => ownConfiguration(domain, caller, query.known),
    takePolicy: async ({ caller, body }) => {
      await takePolicy(domain, caller, body.tag);
      return {};
    },
  }) satisfies Partial<ServiceHandlers>;
