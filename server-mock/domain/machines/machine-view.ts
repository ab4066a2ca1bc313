/** One machine with all that its panel shows. */
import type { MachineDetails } from "../../../protocol/messages/machine-acts.ts";
import type { RecordStores } from "../../records/records.ts";
import type { MachineRow } from "../../records/rows.ts";
import { machineLimitAllowed } from "../people/limits.ts";
import { effectiveForMachine, tagOf } from "../policies/effective.ts";
import { taken } from "../policies/receipts.ts";
import { instant, viewMachine } from "../views.ts";
import { undeletableUntil } from "./delete-machines.ts";
import { viewAgent } from "./heartbeats.ts";

export async function viewMachineDetails(stores: RecordStores, row: MachineRow): Promise<MachineDetails> {
  const view = await viewMachine(stores, row);
  const key = await stores.productKeys.findByMachine(row.id);
  return {
    ...view,
    clientVersion: view.clientVersion || "unknown",
    algorithm: "AES-256-GCM",
    key: key === undefined ? null : { id: key.id, lastGroup: key.lastGroup, kind: key.kind },
    installRegion: row.installRegion,
    limitRange: await machineLimitAllowed(stores, row),
    undeletableUntil: row.deletedAt === null ? null : instant(await undeletableUntil(stores, row)),
    policy: { tag: tagOf(await effectiveForMachine(stores, row)), ...(await taken(stores, row.id)) },
    agent: viewAgent(await stores.agentStates.find(row.id)),
  };
}
