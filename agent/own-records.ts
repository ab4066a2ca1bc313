/** What the service says of this machine: no key is needed for it. */
import type { MachineView } from "../protocol/messages/machines.ts";
import type { BackupView, RestoreView, SnapshotView } from "../protocol/messages/records.ts";
import type { OrderView } from "../protocol/messages/restore-orders.ts";
import { ownMachine } from "./own-machine.ts";

interface OfMachine {
  readonly dataFolder: string;
}

export const machineStatus = async ({ dataFolder }: OfMachine): Promise<MachineView> =>
  await (await ownMachine(dataFolder)).remote.machine();

/** Newest first, as are the other lists. */
export async function* listSnapshots({ dataFolder }: OfMachine): AsyncGenerator<SnapshotView> {
  yield* (await ownMachine(dataFolder)).remote.snapshots();
}

export async function* listBackups({ dataFolder }: OfMachine): AsyncGenerator<BackupView> {
  yield* (await ownMachine(dataFolder)).remote.backups();
}

/** Restores that somebody ordered on this machine and that have not ended. */
export async function* listOrders({ dataFolder }: OfMachine): AsyncGenerator<OrderView> {
  yield* (await ownMachine(dataFolder)).remote.orders();
}

export const refuseOrder = async ({ dataFolder }: OfMachine, order: string): Promise<void> =>
  await (await ownMachine(dataFolder)).remote.refuseOrder(order);

export async function* listRestores({ dataFolder }: OfMachine): AsyncGenerator<RestoreView> {
  yield* (await ownMachine(dataFolder)).remote.restores();
}
