/** Routes of retention, pins, holds, space and damage. */
import type { Domain } from "../domain/domain.ts";
import * as holds from "../domain/space/holds.ts";
import * as pins from "../domain/space/pins.ts";
import * as rules from "../domain/space/rules.ts";
import { changeSpace, getSpace, listDamages, listJobs } from "../domain/space/space-view.ts";
import type { ServiceHandlers } from "./handlers.ts";

export const spaceHandlers = (domain: Domain) =>
  ({
    getOrganizationRetention: ({ caller, params }) => rules.getRetention(domain, caller, params),
    setOrganizationRetention: ({ caller, params, body, address }) =>
      rules.setRetention(domain, caller, params, body, address),
    getGroupRetention: ({ caller, params }) => rules.getRetention(domain, caller, params),
    setGroupRetention: ({ caller, params, body, address }) => rules.setRetention(domain, caller, params, body, address),
    getMachineRetention: ({ caller, params }) => rules.getRetention(domain, caller, params),
    setMachineRetention: ({ caller, params, body, address }) =>
      rules.setRetention(domain, caller, params, body, address),
    previewRetention: ({ caller, params, body: { level, ...rule } }) =>
      rules.previewRetention(domain, caller, { ...params, level, rule }),
    listAllSnapshots: ({ caller, params, query }) => pins.listHistory(domain, caller, { ...params, ...query }),
    pinSnapshot: ({ caller, params, body, address }) =>
      pins.pinSnapshot(domain, caller, { ...params, ...body }, address),
    unpinSnapshot: async ({ caller, params, address }) => {
      await pins.unpinSnapshot(domain, caller, params, address);
      return {};
    },
    unpruneSnapshot: ({ caller, params, body, address }) =>
      pins.unpruneSnapshot(domain, caller, { ...params, ...body }, address),
    listHolds: ({ caller, query }) => holds.listHolds(domain, caller, query),
    createHold: ({ caller, body, address }) => holds.createHold(domain, caller, body, address),
    removeHold: async ({ caller, params, address }) => {
      await holds.removeHold(domain, caller, params.hold, address);
      return {};
    },
    getSpace: ({ caller, params }) => getSpace(domain, caller, params.machine),
    changeSpace: ({ caller, params, body, address }) => changeSpace(domain, caller, { ...params, ...body }, address),
    listDamages: ({ caller, query }) => listDamages(domain, caller, query),
    listJobs: () => listJobs(domain),
  }) satisfies Partial<ServiceHandlers>;
